import type { Action, AddFile, RemoveFile } from '../protocol/actions/action.js'

/** The actions of one type, in order. */
export function actionsOf<Type extends Action['type']>(
  actions: readonly Action[],
  type: Type,
): readonly Extract<Action, { readonly type: Type }>[] {
  return actions.filter((action): action is Extract<Action, { readonly type: Type }> => action.type === type)
}

/** Whether the commit says anything about files. */
export function fileActions(actions: readonly Action[]): readonly (AddFile | RemoveFile)[] {
  return actions.filter((action): action is AddFile | RemoveFile => action.type === 'add' || action.type === 'remove')
}
