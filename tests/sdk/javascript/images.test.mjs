import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { png, story } from './story.mjs'

test('what an image shows is the same to every operation', async t => {
  const { call, control } = await story(t)
  const Image = { Bytes: png(80, 80) }
  const sha256 = createHash('sha256').update(Image.Bytes).digest('hex')
  await control('POST', '/people', { name: 'ann', celebrity: { Id: 'a1' } })
  await control('POST', '/images', { image: { sha256 }, shows: {
    persons: [{ person: 'ann' }], labels: [{ Name: 'Dog' }], text: [{ DetectedText: 'STOP' }] } })
  assert.equal((await call('DetectFaces', { Image })).FaceDetails.length, 1)
  assert.equal((await call('CompareFaces', { SourceImage: Image, TargetImage: Image })).FaceMatches[0].Similarity, 100)
  assert.deepEqual((await call('DetectLabels', { Image })).Labels.map(label => label.Name), ['Dog'])
  assert.deepEqual((await call('DetectText', { Image })).TextDetections.map(text => text.Type), ['LINE', 'WORD'])
  assert.equal((await call('DetectProtectiveEquipment', { Image })).Persons.length, 1)
  assert.equal((await call('RecognizeCelebrities', { Image })).CelebrityFaces[0].Name, 'ann')
  assert.equal((await call('GetCelebrityInfo', { Id: 'a1' })).Name, 'ann')
})
