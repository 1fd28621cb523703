import { Command, CommanderError } from 'commander'
import { DeltaError, VERSION } from '../src/index.js'
import { type CommandContext, commandContext } from './command-context.js'
import { COMMANDS } from './commands.js'
import { EXIT_OK, EXIT_USAGE, exitCodeOf } from './exit-code.js'
import { reportError } from './output/report-error.js'
import type { Terminal } from './terminal.js'

/**
 * Runs one command line and answers its exit code. Only the module of the command that is named gets loaded.
 *
 * @param args without the name of the program
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const context = commandContext(terminal)
  const json = args.includes('--json')
  try {
    const program = await programFor(args, context)
    await program.parseAsync(args, { from: 'user' })
    return EXIT_OK
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed help, or what is wrong with the command line, by now.
      if (error.exitCode === 0) return EXIT_OK
      if (json) await reportError(usageError(error), context, { json, debug: false })
      return EXIT_USAGE
    }
    await reportError(error, context, { json, debug: args.includes('--debug') })
    return exitCodeOf(error)
  }
}

function usageError({ message }: CommanderError): DeltaError {
  return new DeltaError('InvalidArgument', message.replace(/^error: /, ''))
}

async function programFor(args: readonly string[], context: CommandContext): Promise<Command> {
  const { stdout, stderr } = context.terminal
  const program = new Command('lakewright')
    .description('Delta Lake tables on a local disk or S3: create, append, query, time-travel, compact and roll back.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
    })
  const named = args.find((arg) => arg !== 'help' && !arg.startsWith('-'))
  for (const { name, summary, load } of COMMANDS) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary}.`)
      .helpOption('-h, --help', 'print help')
      .exitOverride()
      .copyInheritedSettings(program)
    if (name === named) (await load()).define(command, context)
  }
  return program
}
