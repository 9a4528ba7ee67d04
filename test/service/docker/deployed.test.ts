import '../own-state.ts'
import { checkPrograms } from '../contract.ts'
import { describeWithDocker } from './engine.ts'
import { inContainers } from './programs.ts'

describeWithDocker('containers as they are deployed', () => checkPrograms(inContainers('deployed')))
