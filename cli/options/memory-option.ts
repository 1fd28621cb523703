import { Option } from 'commander'

export function memoryOption(): Option {
  return new Option('--memory <size>', 'what may be held before it spills to disk, such as 512MB')
}
