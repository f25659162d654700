#!/usr/bin/env node
// The command `rekognition-local`: the program, with what it is told, its signals and its exit status.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { program } from './index.js'

const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`rekognition-local: ${error.message}`)
  process.exit(1)
})
child.on('exit', (status, signal) => process.exit(status ?? 128 + constants.signals[signal]))
