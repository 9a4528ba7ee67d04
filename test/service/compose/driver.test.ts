import '../own-state.ts'
import { createComposeDriver } from '../../../src/service/compose/driver.ts'
import { createProject } from '../../../src/service/compose/project.ts'
import { checkPrograms } from '../contract.ts'
import { describeWithCompose } from './installed.ts'

describeWithCompose('services of a Compose file', () => {
  const project = createProject('fixtures/compose/program.yaml', {}, 1)
  const names = [...project.services.keys()]
  for (const name of names) project.place(name, [8080])
  const drivers = names.map((name) => createComposeDriver(project, name))
  let next = 0
  const create = () => {
    next += 1
    return drivers[next % drivers.length] ?? createComposeDriver(project, 'one')
  }
  checkPrograms({
    driver: create(),
    as: (name, ...args) => ({
      run: ['env', 'HOST=0.0.0.0', name.endsWith('.sh') ? 'sh' : 'node', `/programs/${name}`, ...args],
      driver: create(),
    }),
  })
})
