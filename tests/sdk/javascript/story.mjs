// What the tests begin with: a server of the test's own, a client that counts, and a model.
import assert from 'node:assert/strict'
import zlib from 'node:zlib'
import * as sdk from '@aws-sdk/client-rekognition'
import { startRekognitionLocal } from '../../recipes/rekognition-local.mjs'

export { sdk }

export const manifest = name => ({ Assets: [{ GroundTruthManifest: { S3Object: { Bucket: 'data', Name: name } } }] })
export const data = {
  OutputConfig: { S3Bucket: 'results', S3KeyPrefix: 'birds' },
  TrainingData: manifest('train.manifest'),
  TestingData: manifest('test.manifest'),
}

// An image of one grey.
export function png(width = 64, height = 64) {
  const chunk = (kind, bytes) => {
    const body = Buffer.concat([Buffer.from(kind), bytes])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(bytes.length, 0)
    ends.writeUInt32BE(zlib.crc32(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(Buffer.alloc((width + 1) * height))), chunk('IEND', Buffer.alloc(0))])
}

// story(t, '--clock', 'frozen'): call('CreateProject', {…}) sends one, refuses('ResourceInUseException', …) expects
// that error, typed; sent counts what was sent, by operation.
export async function story(t, ...options) {
  const local = await startRekognitionLocal(...options)
  t.after(() => local.stop())
  const sent = {}

  function clientFor(config = {}) {
    const client = new sdk.RekognitionClient({ ...local.config(), maxAttempts: 1, ...config })
    t.after(() => client.destroy())
    client.middlewareStack.add((next, context) => args => {
      const operation = context.commandName.replace(/Command$/, '')
      sent[operation] = (sent[operation] ?? 0) + 1
      return next(args)
    }, { step: 'deserialize' })
    const call = (operation, input) => client.send(new sdk[operation + 'Command'](input))
    const refuses = async (name, operation, input) => {
      const error = await call(operation, input).then(() => assert.fail(`${operation} was not refused`), e => e)
      assert.ok(error instanceof sdk[name], `${operation}: ${error.name}, not ${name}`)
      assert.equal(error.name, name)
      assert.equal(error.$metadata.httpStatusCode, 400)
      assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/)
      assert.ok(error.message.length > 0)
      return error
    }
    return { client, call, refuses }
  }

  const mine = clientFor()
  return {
    ...local, ...mine, clientFor, sent,
    advance: async by => (await local.control('POST', '/clock/advance', by)).fired,
    project: async (name = 'birds', more = {}) => (await mine.call('CreateProject', { ProjectName: name, ...more })).ProjectArn,
    train: async (ProjectArn, VersionName = 'v1', more = {}) =>
      (await mine.call('CreateProjectVersion', { ProjectArn, VersionName, ...data, ...more })).ProjectVersionArn,
    describe: async (ProjectArn, ...names) => (await mine.call('DescribeProjectVersions',
      { ProjectArn, ...(names.length ? { VersionNames: names } : {}) })).ProjectVersionDescriptions,
  }
}
