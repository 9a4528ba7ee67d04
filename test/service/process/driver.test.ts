import '../own-state.ts'
import { processDriver } from '../../../src/service/process/driver.ts'
import { checkDriver } from '../contract.ts'

checkDriver(processDriver)
