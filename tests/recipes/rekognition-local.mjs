// A rekognition-local for tests of Node.js: started on a free port, with a world of its own in memory.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { once } from 'node:events'

export async function startRekognitionLocal(...options) {
  const program = process.env.REKOGNITION_LOCAL ?? 'rekognition-local'
  const server = spawn(program, ['--port', '0', '--db', ':memory:', '--profile', 'instant', '--log', 'off', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] })
  const [ready] = await Promise.race([
    once(createInterface(server.stdout), 'line'),
    once(server, 'exit').then(([status]) => { throw new Error(`${program} did not start: ${status}`) }),
  ])
  const url = ready.split(' ready on ')[1]
  let accounts = 0

  return {
    url,

    // What a client of the SDK is made with. Each call is another account, so that tests do not see each other.
    config: () => ({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: String(++accounts).padStart(12, '0'), secretAccessKey: 'any' },
    }),

    // The control API: control('POST', '/clock/advance', { by: '10m' })
    async control(method, path, body) {
      const answer = await fetch(url + '/_local' + path, { method, body: body && JSON.stringify(body) })
      const json = await answer.json()
      if (!answer.ok) throw new Error(json.error.message)
      return json
    },

    async stop() {
      if (server.exitCode === null) {
        server.kill()
        await once(server, 'exit')
      }
      if (server.exitCode !== 0) throw new Error(`${program} ended with ${server.exitCode ?? server.signalCode}`)
    },
  }
}
