import { UsageError } from '../../error.ts'
import { didYouMean } from '../../nearest.ts'
import { type Command, HELP, print } from '../command.ts'
import { COMMANDS } from '../commands.ts'
import type { Given } from '../flags.ts'

/** `shakedown completion`: what a shell needs to complete commands and flags. */
export const command: Command = {
  usage: 'completion bash|zsh',
  about: `Prints what a shell needs to complete commands, flags and scripts. For bash, in ~/.bashrc: eval "$(shakedown completion bash)";
for zsh, behind compinit in ~/.zshrc: eval "$(shakedown completion zsh)".`,
  flags: HELP,
  examples: [
    ['shakedown completion bash', 'for bash'],
    ['shakedown completion zsh', 'for zsh'],
  ],
  run,
}

const SHELLS: Readonly<Record<string, (cases: string, names: string) => string>> = {
  bash: (cases, names) => `_shakedown() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags=
  case \${COMP_WORDS[1]-} in
${cases}
  esac
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
  elif [ "\${word#-}" != "$word" ]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  fi
}
complete -o default -F _shakedown shakedown`,
  zsh: (cases, names) => `_shakedown() {
  local flags=
  case \${words[2]-} in
${cases}
  esac
  if (( CURRENT == 2 )); then
    compadd -- ${names}
  elif [[ \${words[CURRENT]} == -* ]]; then
    compadd -- \${=flags}
  else
    _files
  fi
}
compdef _shakedown shakedown`,
}

async function run(given: Given): Promise<number> {
  const [shell = '', ...more] = given.words
  const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (write === undefined || more.length > 0)
    throw new UsageError(
      shell === '' ? 'for which shell?' : `there is no completion for ${given.words.join(' ')}`,
      {
        hint: didYouMean(shell, Object.keys(SHELLS)),
      },
    )
  const entries = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, { load }]) => ({ name, ...(await load()) })),
  )
  const cases = entries.map(({ name, command: one }) => {
    const flags = Object.keys(one.flags).map((flag) => `--${flag}`)
    return `    ${name}) flags='${flags.join(' ')}' ;;`
  })
  return print(write(cases.join('\n'), Object.keys(COMMANDS).join(' ')))
}
