import { Option } from 'commander'

export function memoryOption(): Option {
  return new Option('--memory <size>', 'what the SQL engine may hold before it spills to disk, such as 512MB')
}
