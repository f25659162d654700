// For vitest: a server for the file, and an account for each of its tests.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { hooks } from './index.js'

export function useRekognition(settings) {
  return hooks({ beforeAll, afterAll, beforeEach, afterEach }, settings)
}
