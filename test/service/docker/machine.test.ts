import '../own-state.ts'
import { checkPrograms } from '../contract.ts'
import { describeWithDocker } from './engine.ts'
import { inContainers } from './programs.ts'

describeWithDocker('containers in the place of processes', () => checkPrograms(inContainers('machine')))
