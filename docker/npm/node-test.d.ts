// For node:test: a server for the file, and an account for each of its tests.
import type { Local, Settings } from './index.js'

export declare function useRekognition(settings?: Settings): Local
