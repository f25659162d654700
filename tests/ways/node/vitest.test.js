import assert from 'node:assert/strict'
import { test } from 'vitest'
import { CreateProjectCommand, DescribeProjectsCommand, RekognitionClient } from '@aws-sdk/client-rekognition'
import { useRekognition } from 'rekognition-local/vitest'

const local = useRekognition()

test('a project is made', async () => {
  const client = new RekognitionClient(local.account.config())
  await client.send(new CreateProjectCommand({ ProjectName: 'birds' }))
  assert.equal((await client.send(new DescribeProjectsCommand({}))).ProjectDescriptions.length, 1)
})

test('another test has another account, and its own time', async () => {
  const client = new RekognitionClient(local.account.config())
  assert.deepEqual((await client.send(new DescribeProjectsCommand({}))).ProjectDescriptions, [])
  await local.account.freeze()
  await local.account.advance('24h')
  assert.equal((await local.account.control('GET', '/clock')).mode, 'frozen')
})
