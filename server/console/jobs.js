/* Jobs of stored videos, stream processors, sessions of Face Liveness, and word to other servers. */
import { arnOf, ask, bdi, confirm, done, framed, h, press } from './dom.js'
import { control, query } from './api.js'
import { call, placeFields } from './actions.js'
import { badge, button, facts, json, nameOf, next, section, table, titled } from './parts.js'
import { count, moment } from './time.js'
import { accepts, kindWords, ofKinds } from './world.js'
import { found, historyOf, place, tags } from './projects.js'
import { forget, loaded } from './load.js'
import { callsOf } from './calls.js'
import { life } from './version.js'

const STREAMS = ['stream_processor', 'home_processor']

/* ---- videos ---- */

const JOBS = ['LabelDetection', 'FaceDetection', 'ContentModeration', 'CelebrityRecognition', 'PersonTracking', 'SegmentDetection', 'TextDetection']
const videoOf = one => one.of.request?.Video?.S3Object ? `s3://${one.of.request.Video.S3Object.Bucket}/${one.of.request.Video.S3Object.Name}` : ''

const startJob = scope => () => ask('Look at a stored video', { action: 'Start', fields: [{ name: 'job', label: 'For', options: JOBS }, { name: 'video', label: 'Video in S3', required: true, placeholder: 'bucket/film.mp4' }, ...placeFields(scope)] },
  ({ job, video, account, region }) => {
    const slash = video.indexOf('/')
    return call('Start' + job, { Video: { S3Object: { Bucket: video.slice(0, slash), Name: video.slice(slash + 1) } }, ...(job === 'SegmentDetection' && { SegmentTypes: ['SHOT', 'TECHNICAL_CUE'] }) }, { account, region }, 'The job has begun')
  })

/* ---- streams ---- */

const streamAct = (one, event, operation) => button(words[event], () => call(operation, { Name: one.name }, one), { kind: accepts(one, event) ? 'primary' : 'unlikely' })
const words = { start: 'Start', stop: 'Stop' }

const showFrame = one => () => ask(`Show ${one.name} a frame`, { action: 'Show it', fields: [{ name: 'persons', label: 'Who is in it', required: true, placeholder: 'ann, ben', help: 'Names, as images have them.' }] }, async ({ persons }) => {
  const { deliveries } = await control('POST', '/frames', { processor: one.arn, persons: persons.split(/\s*,\s*/).map(person => ({ person })) })
  done(`${count(deliveries.length, 'delivery', 'deliveries')}`)
})

const dropStream = one => () => confirm(`Delete ${one.name}?`, 'It can’t be undone.', 'Delete', () => call('DeleteStreamProcessor', { Name: one.name }, one, `${one.name} is deleted`))

/* ---- liveness ---- */

const newSession = scope => () => ask('Begin a session of Face Liveness', { action: 'Begin', fields: placeFields(scope) }, ({ account, region }) => call('CreateFaceLivenessSession', {}, { account, region }, 'A session is made'))

const endCheck = (one, to) => () => ask(to === 'SUCCEEDED' ? 'Let the check succeed' : 'Let the check fail', { action: 'End it', fields: [{ name: 'person', label: 'Who it was', placeholder: 'a stranger' },
  { name: 'confidence', label: 'Confidence', type: 'number', min: 0, step: 'any', value: to === 'SUCCEEDED' ? 98 : 12 }] }, ({ person, confidence }) =>
  control('POST', '/liveness', { session: one.name, to, account: one.account, ...(person && { person }), ...(confidence !== undefined && { confidence }) }))

/* ---- the lists ---- */

const rowOf = (one, cells) => ({ key: one.arn, cells: [nameOf(one), ...cells, badge(one.status), next(one) ?? h('span.soft', one.of.statusMessage ?? ''), `${one.account} · ${one.region}`] })
const tail = [['Status'], ['Next'], ['Where']]

export function jobs({ scope }) {
  const videos = ofKinds(['video_job'], scope).reverse(), streams = ofKinds(STREAMS, scope), sessions = ofKinds(['liveness'], scope).reverse()
  return { title: 'Jobs and streams', content: [h('h1', 'Jobs and streams'),
    titled('Jobs of stored videos', press('Look at a video…', startJob(scope)), table('Jobs of stored videos', [['Job'], ['For'], ['Video', 'wide'], ...tail], videos.map(one => rowOf(one, [one.of.job, bdi(videoOf(one))])), { empty: 'No video is looked at.' })),
    section('Stream processors', table('Stream processors', [['Name'], ['For'], ...tail], streams.map(one => rowOf(one, [one.kind === 'home_processor' ? 'labels' : 'faces'])), { empty: 'There is no stream processor.' })),
    titled('Sessions of Face Liveness', press('Begin a session…', newSession(scope)), table('Sessions of Face Liveness', [['Session'], ['Confidence', 'number'], ...tail], sessions.map(one => rowOf(one, [one.of.confidence?.toFixed(1) ?? ''])), { empty: 'There is no session.' }))] }
}

const ofItsOwn = one => STREAMS.includes(one.kind)
  ? [streamAct(one, 'start', 'StartStreamProcessor'), streamAct(one, 'stop', 'StopStreamProcessor'), press('Show a frame…', showFrame(one)), press('Delete…', dropStream(one), 'danger')]
  : one.kind === 'liveness' ? [press('Succeed…', endCheck(one, 'SUCCEEDED'), 'primary'), press('Fail…', endCheck(one, 'FAILED'))] : null

export function job({ parts: [arn] }) {
  return found(arn, one => ({ title: one.name, content: [place(one), h('div.bar', h('h1', `${kindWords[one.kind]} `, bdi(one.name), ' ', badge(one.status)), h('div.buttons', ofItsOwn(one))), h('p', arnOf(one.kind === 'liveness' || one.kind === 'video_job' ? one.name : arn)),
    h('div.sides', h('div', life(one), one.of.request && section('What was asked', json(one.of.request, 'request')), one.of.found && section('What was found', json(one.of.found, 'findings')), callsOf(arn, one.name)),
      h('div', facts([['Created', moment(one.of.createdAt)], ['Video', videoOf(one)], ['Person', one.of.person], ['Tags', tags(one.of.tags)]]), historyOf(one), section('Deliveries', deliveryList({ arn }))))] }))
}

/* ---- deliveries ---- */

let heard = 0
export const noteMove = () => heard++

const readable = body => {
  try { return json(JSON.parse(body), 'body') } catch { return h('pre', framed('body'), body.length > 2000 ? body.slice(0, 2000) + ' …' : body) }
}

const deliveryList = about => loaded('/deliveries' + query({ ...about, limit: 500 }), ({ deliveries }) => deliveries.length ? h('ul.lines.tall', deliveries.reverse().map(one => h('li', { 'data-key': one.id }, h('details',
  h('summary', badge(one.state), ' ', h('b', one.kind), ' ', h('bdi.soft', one.target), ' ', h('time.soft', { datetime: one.at }, moment(one.at))), one.why && h('p.message.bad', bdi(one.why)), h('p', arnOf(one.arn)), readable(one.body))))) : h('p.empty', 'Nobody was told anything.'), heard)

export function deliveries() {
  return { title: 'Deliveries', content: [h('div.bar', h('h1', 'Deliveries'), h('div.buttons', press('Forget all…', () => confirm('Forget all deliveries?', 'What waits is not sent; it can’t be undone.', 'Forget', async () => {
    await control('DELETE', '/deliveries')
    forget('/deliveries')
    noteMove()
  }), 'danger'))), h('p.soft', 'What SNS, Kinesis and S3 were told, or would have been.'), deliveryList({})] }
}
