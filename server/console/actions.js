/* What can be done: calls of the API with what the user gives, and rules of the control API for one resource. */
import { ask, confirm, done, h } from './dom.js'
import { control, rekognition } from './api.js'
import { accepts, ofKinds, refresh, scopeOf, stepOf, world } from './world.js'
import { words } from './parts.js'

/* Calls the API where the resource is, and reads the world again. */
export async function call(operation, input, scope, said) {
  const answer = await rekognition(operation, input, scope)
  refresh()
  if (said) done(said)
  return answer
}

/* Where something new is to be: where the user looks, else where there is something. */
export function placeFields(scope) {
  const account = scope.account || Object.keys(world.accounts)[0] || '123456789012'
  const region = scope.region || Object.keys(world.accounts[account] ?? {})[0] || 'us-east-1'
  return [{ name: 'account', label: 'Account', value: account, required: true, list: Object.keys(world.accounts) },
    { name: 'region', label: 'Region', value: region, required: true }]
}

const split = object => {
  const slash = object.indexOf('/')
  return slash < 0 ? { Bucket: object, Name: '' } : { Bucket: object.slice(0, slash), Name: object.slice(slash + 1) }
}
const assets = manifest => ({ Assets: [{ GroundTruthManifest: { S3Object: split(manifest) } }] })

/* ---- projects and datasets ---- */

export const createProject = scope => () => ask('Create a project', { action: 'Create', fields: [
  { name: 'name', label: 'Name', required: true, placeholder: 'flowers' },
  { name: 'feature', label: 'Feature', options: [['CUSTOM_LABELS', 'Custom labels'], ['CONTENT_MODERATION', 'Content moderation']] }, ...placeFields(scope)] },
async ({ name, feature, account, region }) => {
  const { ProjectArn } = await call('CreateProject', { ProjectName: name, ...(feature !== 'CUSTOM_LABELS' && { Feature: feature }) }, { account, region }, `Project ${name} is made`)
  location.hash = '#/project/' + encodeURIComponent(ProjectArn)
})

export const deleteProject = one => () => confirm(`Delete the project ${one.name}?`, 'It can’t be undone. A project that still has versions or datasets is refused.', 'Delete',
  () => call('DeleteProject', { ProjectArn: one.arn }, one, `${one.name} is being deleted`))

export const createDataset = one => () => ask('Create a dataset', { action: 'Create', fields: [
  { name: 'type', label: 'Type', options: ['TRAIN', 'TEST'] },
  { name: 'manifest', label: 'Manifest in S3', placeholder: 'bucket/path/train.manifest', help: 'Left out: a dataset without entries.' }] },
({ type, manifest }) => call('CreateDataset', { ProjectArn: one.arn, DatasetType: type, ...(manifest && { DatasetSource: { GroundTruthManifest: { S3Object: split(manifest) } } }) }, one, 'The dataset is being made'))

export const deleteDataset = one => () => confirm(`Delete the ${one.name} dataset of ${one.parent.name}?`, 'It can’t be undone.', 'Delete',
  () => call('DeleteDataset', { DatasetArn: one.arn }, one, 'The dataset is being deleted'))

/* ---- versions ---- */

export const train = project => () => ask(`Train a version of ${project.name}`, { action: 'Train', fields: [
  { name: 'name', label: 'Version name', required: true, value: `v${(project.of.versions?.length ?? 0) + 1}` },
  { name: 'bucket', label: 'Bucket for results', required: true, value: 'results' }, { name: 'prefix', label: 'Prefix in it', value: project.name },
  { name: 'training', label: 'Training manifest', placeholder: 'bucket/train.manifest', help: 'Left out: the datasets of the project.' },
  { name: 'testing', label: 'Testing manifest', placeholder: 'bucket/test.manifest', help: 'Left out: a part of the training images.' }] },
async ({ name, bucket, prefix, training, testing }) => {
  const { ProjectVersionArn } = await call('CreateProjectVersion', { ProjectArn: project.arn, VersionName: name,
    OutputConfig: { S3Bucket: bucket, ...(prefix && { S3KeyPrefix: prefix }) },
    ...(training && { TrainingData: assets(training), TestingData: testing ? assets(testing) : { AutoCreate: true } }) }, project, `${name} is in training`)
  location.hash = '#/version/' + encodeURIComponent(ProjectVersionArn)
})

const start = one => () => ask(`Start ${one.name}`, { action: 'Start', fields: [
  { name: 'least', label: 'Inference units, at least', type: 'number', min: 1, step: 1, value: one.of.minInferenceUnits ?? 1, required: true },
  { name: 'most', label: 'And at most', type: 'number', min: 1, step: 1, help: 'Given: the units follow demand.' }] },
({ least, most }) => call('StartProjectVersion', { ProjectVersionArn: one.arn, MinInferenceUnits: least, ...(most && { MaxInferenceUnits: most }) }, one, `${one.name} is starting`))

const copyVersion = one => () => ask(`Copy ${one.name}`, { action: 'Copy', text: h('p.soft', 'Into another account a project policy of the source has to allow it.'), fields: [
  { name: 'to', label: 'Destination project', required: true, placeholder: 'arn:aws:rekognition:…:project/…', list: ofKinds(['project'], {}).filter(project => project.arn !== one.parent.arn).map(project => project.arn) },
  { name: 'name', label: 'Version name', required: true, value: one.name }, { name: 'bucket', label: 'Bucket for results', required: true, value: one.of.outputConfig?.S3Bucket ?? one.of.outputConfig?.s3Bucket ?? 'results' }] },
({ to, name, bucket }) => call('CopyProjectVersion', { SourceProjectArn: one.parent.arn, SourceProjectVersionArn: one.arn, DestinationProjectArn: to, VersionName: name, OutputConfig: { S3Bucket: bucket } },
  scopeOf(to).account ? scopeOf(to) : one, `${name} is being copied`))

const deleteVersion = one => () => confirm(`Delete ${one.name}?`, 'The trained model is lost; it can’t be undone. One that runs has to be stopped first.', 'Delete',
  () => call('DeleteProjectVersion', { ProjectVersionArn: one.arn }, one, `${one.name} is being deleted`))

const stop = one => () => call('StopProjectVersion', { ProjectVersionArn: one.arn }, one, `${one.name} is stopping`)

/* Buttons for every action; those that its lifecycle takes now are plain to see, the others can be tried all the same. */
export function versionActions(one, button) {
  const on = (event, label, work, kind = '') => {
    const fits = accepts(one, event)
    return button(label, work, { kind: fits ? kind : 'unlikely', title: fits ? null : `Would be refused while ${words(one.status)}` })
  }
  return [one.kind === 'project_version' && on('start', 'Start…', start(one), 'primary'), one.kind === 'project_version' && on('stop', 'Stop', stop(one), 'primary'),
    on('copy', 'Copy…', copyVersion(one)), on('delete', 'Delete…', deleteVersion(one), 'danger')]
}

/* ---- what its next step comes to ---- */

const stepsOf = one => (world.lifecycles.get(one.kind)?.steps ?? [])
const stepWords = step => [step.step, `${step.step} (while ${words(step.status)})`]

export const failNext = one => () => ask('Make a step fail', { action: 'Make it fail', text: h('p.soft', `Of ${one.name}: the step under way, or the next.`), fields: [
  { name: 'event', label: 'Step', options: stepsOf(one).filter(step => step.canFail).map(stepWords), value: stepOf(one.kind, one.status)?.step },
  { name: 'message', label: 'Status message', placeholder: 'the usual one' },
  { name: 'times', label: 'Times', type: 'number', min: 1, step: 1, value: 1, required: true }] },
async ({ event, message, times }) => {
  await control('POST', '/outcomes', { resource: one.arn, event, to: 'fail', times, ...(message && { message }) })
  done(`The next ${event} of ${one.name} fails`)
  refresh()
})

export const holdNext = one => () => ask('Hold a step', { action: 'Hold it', text: h('p.soft', `When it is due it does not end, until you release it.`), fields: [
  { name: 'event', label: 'Step', options: [...new Map(stepsOf(one).map(step => [step.step, stepWords(step)])).values()], value: stepOf(one.kind, one.status)?.step }] },
async ({ event }) => {
  await control('POST', '/breakpoints', { resource: one.arn, event })
  done(`The next ${event} of ${one.name} is held`)
  refresh()
})

export const release = one => async () => {
  const held = world.breakpoints.find(breakpoint => breakpoint.holds.includes(one.arn))
  await control('POST', `/breakpoints/${held?.id ?? one.pending.breakpoint}/release`, {})
  refresh()
}

export const move = one => () => ask('As the service does', { action: 'Move it', text: h('p.soft', 'What the service does when it sees fit.'), fields: [
  { name: 'to', label: 'To', options: world.lifecycles.get(one.kind).transitions.filter(row => row.by === 'service' && row.from === one.status).map(row => row.to) }] },
async ({ to }) => {
  await control('POST', '/moves', { arn: one.arn, to })
  refresh()
})
