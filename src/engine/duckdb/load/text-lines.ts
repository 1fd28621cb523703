import { StringDecoder } from 'node:string_decoder'
import { openText } from './text-head.js'

/** A line of a text file and its number, from 1. */
export interface TextLine {
  readonly number: number
  readonly text: string
}

/** The lines of a text file that are not blank. Holds one piece of the file at a time. */
export async function* textLines(path: string): AsyncGenerator<TextLine, void, undefined> {
  const { stream } = await openText(path)
  const decoder = new StringDecoder('utf8')
  let number = 0
  let rest = ''
  for await (const piece of stream as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      number++
      if (text.trim() !== '') yield { number, text }
    }
  }
  rest += decoder.end()
  if (rest.trim() !== '') yield { number: number + 1, text: rest }
}
