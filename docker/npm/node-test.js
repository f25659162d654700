// For node:test: a server for the file, and an account for each of its tests.
import { after, afterEach, before, beforeEach } from 'node:test'
import { hooks } from './index.js'

export function useRekognition(settings) {
  return hooks({ beforeAll: before, afterAll: after, beforeEach, afterEach }, settings)
}
