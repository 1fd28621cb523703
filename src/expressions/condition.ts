import type { Predicate } from './predicate.js'

/** A predicate that others can be attached to; it is plain data like every {@link Predicate} and never changes. */
export type Condition = Predicate & ConditionMethods

interface ConditionMethods {
  /** True where this and all of `others` are. */
  and(...others: readonly Predicate[]): Condition
  /** True where this or one of `others` is. */
  or(...others: readonly Predicate[]): Condition
  /** True where this is false; unknown stays unknown. */
  not(): Condition
}

const METHODS: ConditionMethods & ThisType<Predicate> = {
  and(...others) {
    return condition({ op: 'and', children: [this, ...others] })
  },
  or(...others) {
    return condition({ op: 'or', children: [this, ...others] })
  },
  not() {
    return condition({ op: 'not', child: this })
  },
}

/** Gives a predicate the methods that attach others to it. */
export function condition(predicate: Predicate): Condition {
  return Object.freeze(Object.assign(Object.create(METHODS) as ConditionMethods, predicate))
}
