import { LeftOn, start, type Account, type Server } from 'rekognition-local'
import { useRekognition } from 'rekognition-local/node-test'

const local = useRekognition({ options: ['--profile', 'aws'] })
const server: Server = await start()
const account: Account = server.account()
const fired: string[] = (await account.advance({ until: 'settled' })).map((move) => move.to)
const config: { endpoint: string } = local.account.config()
const left: string[] = new LeftOn([]).arns
// @ts-expect-error an option is a word
start({ options: [1] })
export { fired, config, left }
