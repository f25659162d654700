// For jest, whose hooks are globals: a server for the file, and an account for each of its tests.
import { hooks } from './index.js'

export function useRekognition(settings) {
  const { beforeAll, afterAll, beforeEach, afterEach } = globalThis
  return hooks({ beforeAll, afterAll, beforeEach, afterEach }, settings)
}
