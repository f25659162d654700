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

test('a session of Face Liveness has the image of its person', async t => {
  const { call, control } = await story(t)
  const { SessionId } = await call('CreateFaceLivenessSession', { Settings: { AuditImagesLimit: 2 } })
  assert.equal((await call('GetFaceLivenessSessionResults', { SessionId })).Status, 'CREATED')
  await control('POST', '/liveness', { session: SessionId, to: 'SUCCEEDED', person: 'ann' })
  const { Status, Confidence, ReferenceImage, AuditImages } = await call('GetFaceLivenessSessionResults', { SessionId })
  assert.equal(Status, 'SUCCEEDED')
  assert.ok(Confidence > 90)
  const images = [ReferenceImage, ...AuditImages].map(image => ({ Bytes: image.Bytes }))
  assert.equal(images.length, 3)
  const [SourceImage, TargetImage] = images
  assert.equal((await call('CompareFaces', { SourceImage, TargetImage, SimilarityThreshold: 90 })).FaceMatches.length, 1)
  await assert.rejects(call('GetFaceLivenessSessionResults', { SessionId: '00000000-0000-4000-8000-000000000000' }),
    { name: 'SessionNotFoundException' })
})

test('a script answers in the words of the operation', async t => {
  const { call, control } = await story(t)
  await control('POST', '/detections', { operation: 'DetectLabels', answer: { Labels: [{ Name: 'Dog', Confidence: 99 }] } })
  assert.deepEqual((await call('DetectLabels', { Image: { Bytes: png(80, 80) } })).Labels.map(label => label.Name), ['Dog'])
})
