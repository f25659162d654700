// Both versions of the SDK sign so that --auth signature takes it, and are told when they do not.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import Rekognition from 'aws-sdk/clients/rekognition.js'
import { story } from './story.mjs'

const user = Object.freeze({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', sessionToken: 'token//of+ann==' })

async function signedStory(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rekognition-local.'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'credentials.json')
  fs.writeFileSync(file, JSON.stringify({
    users: [{ ...user, account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ann', policies: [] }],
  }), { mode: 0o600 })
  return story(t, '--auth', 'signature', '--credentials', file)
}

test('version 3 signs, and is told when its secret is another', async t => {
  const { clientFor } = await signedStory(t)
  const { call } = clientFor({ credentials: { ...user } })
  assert.match((await call('CreateProject', { ProjectName: 'birds' })).ProjectArn, /:111122223333:project\/birds\//)
  const secretAccessKey = clientFor({ credentials: { ...user, secretAccessKey: 'x' } })
  await assert.rejects(secretAccessKey.call('DescribeProjects', {}), { name: 'InvalidSignatureException' })
  const sessionToken = clientFor({ credentials: { ...user, sessionToken: 'x' } })
  await assert.rejects(sessionToken.call('DescribeProjects', {}), { name: 'UnrecognizedClientException' })
})

test('version 2 signs, and is told when its secret is another', async t => {
  const { url } = await signedStory(t)
  const client = more => new Rekognition({ endpoint: url, region: 'us-east-1', maxRetries: 0, ...user, ...more })
  assert.deepEqual((await client({}).describeProjects().promise()).ProjectDescriptions, [])
  await assert.rejects(client({ secretAccessKey: 'x' }).describeProjects().promise(), { code: 'InvalidSignatureException' })
})
