import { existsSync } from 'node:fs'
import { platform } from 'node:process'
import { PreflightError } from '../../error.ts'
import { detectPackageManager, findExecutable } from '../../run/packages.ts'

/** An engine of another machine, which nobody has asked for in so many words. */
export function refuseRemote(address: string): PreflightError {
  return new PreflightError(`DOCKER_HOST names an engine that is not of this machine: ${address}`, {
    expected: 'unix:///path/to/docker.sock, or tcp:// on 127.0.0.1',
    hint: [
      'unset DOCKER_HOST to use the engine of this machine',
      `or name it on the command line, where only images as they are deployed can run: --docker-host ${address}`,
    ],
  })
}

/** What an engine of another machine cannot do. */
export function refuseThere(what: string): PreflightError {
  return new PreflightError(
    `${what} on an engine of another machine: it does not see the folders of this one`,
    {
      hint: 'an image that needs none can run there: service({ image })',
    },
  )
}

/** Why nobody answered at that address, and what to do about it on this machine. */
export function tellUnreachable(address: string, error: Error): PreflightError {
  const code = 'code' in error ? String(error.code) : ''
  const last = `${address}: ${error.message}`
  if (code === 'EACCES' || code === 'EPERM') return tellForbidden(last, error)
  if (code === 'ENOENT' && findExecutable('docker') === undefined && !existsSync('/usr/bin/dockerd'))
    return new PreflightError('Docker is not installed', { last, hint: howToInstall(), cause: error })
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return new PreflightError('the Docker engine does not run', { last, hint: howToStart(), cause: error })
  return new PreflightError('the Docker engine broke the connection off', {
    last,
    hint: 'see whether it still runs: docker version',
    cause: error,
  })
}

/** How a person gets Docker on this machine. */
export function howToInstall(): readonly string[] {
  if (platform === 'darwin') return ['install it: brew install --cask docker, and open it once']
  if (platform === 'win32') return ['install it: choco install docker-desktop, and open it once']
  const byManager = {
    apt: 'apt-get install docker.io',
    dnf: 'dnf install moby-engine',
    apk: 'apk add docker',
    brew: 'brew install docker colima',
    choco: 'choco install docker-desktop',
    winget: 'winget install Docker.DockerDesktop',
  } as const
  const manager = detectPackageManager()
  return [
    ...(manager === undefined ? [] : [`install it: ${byManager[manager]}`]),
    'or see https://docs.docker.com/engine/install/',
  ]
}

function howToStart(): readonly string[] {
  if (platform === 'darwin') return ['start it: open -a Docker, or colima start']
  if (platform === 'win32') return ['start Docker Desktop']
  return [
    existsSync('/run/systemd/system') ? 'start it: sudo systemctl start docker' : 'start it: sudo dockerd',
    'where it listens elsewhere, say where: DOCKER_HOST=unix:///path/to/docker.sock',
  ]
}

function tellForbidden(last: string, cause: Error): PreflightError {
  return new PreflightError('this user may not use the Docker engine', {
    last,
    hint:
      platform === 'linux'
        ? [
            'join its group, then log in again: sudo usermod -aG docker $USER',
            'or run Docker as yourself: dockerd-rootless-setuptool.sh install',
          ]
        : ['see who owns the socket: ls -l /var/run/docker.sock'],
    cause,
  })
}
