// A line for each test: "ok name", or "FAIL name" and why.
import path from 'node:path'

const wanted = new RegExp(process.env.TEST_PATTERN ?? '')
const room = process.env.TEST_ROOM ?? 'sdk/javascript'

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (data?.nesting !== 0 || data.details?.type === 'suite' || data.name === data.file) continue
    const file = path.basename(data.file ?? '').replace(/\.test\.mjs$/, '')
    const name = `${room}/${file}: ${data.name}`
    if (!wanted.test(name)) continue
    if (type === 'test:pass') {
      yield `ok ${name}${data.skip ? ' # SKIP ' + data.skip : ''}\n`
    } else if (type === 'test:fail') {
      const error = data.details.error
      yield `FAIL ${name}\n${(error.cause ?? error).stack ?? error}\n`
    }
  }
}
