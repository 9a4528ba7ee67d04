import '../own-state.ts'
import { createComposeDriver } from '../../../src/service/compose/driver.ts'
import { createProject } from '../../../src/service/compose/project.ts'
import { checkPrograms } from '../contract.ts'
import { describeWithCompose } from './installed.ts'

const FILE = 'fixtures/compose/program.yaml'
let count = 100

describeWithCompose('services of a Compose file', () => {
  const create = () => {
    count += 1
    const project = createProject(FILE, {}, count)
    project.place('one', [8080])
    return createComposeDriver(project, 'one')
  }
  checkPrograms({
    driver: create(),
    as: (name, ...args) => ({
      run: ['env', 'HOST=0.0.0.0', name.endsWith('.sh') ? 'sh' : 'node', `/programs/${name}`, ...args],
      driver: create(),
    }),
  })
})
