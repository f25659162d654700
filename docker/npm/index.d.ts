export interface Settings {
  /** Options as on the command line: ['--profile', 'aws'] */
  options?: string[]
  /** Further variables of its environment. */
  environment?: Record<string, string>
}

export interface Fired { arn: string, kind: string, event: string, from: string, to: string, at: string }

export declare function program(): string

/** What the control API refused. */
export declare class Refused extends Error {
  constructor(status: number, code: string, message: string)
  readonly status: number
  readonly code: string
}

/** Models were left starting, running or stopping, which would cost money at AWS. */
export declare class LeftOn extends Error {
  constructor(arns: string[])
  readonly arns: string[]
}

/** An account of a server, with its own world and time. */
export declare class Account {
  readonly url: string
  readonly id: string
  readonly region: string
  /** What a client of the SDK is made with. */
  config(): { endpoint: string, region: string, credentials: { accessKeyId: string, secretAccessKey: string } }
  control(method: string, path: string, body?: object, query?: Record<string, string>): Promise<any>
  freeze(): Promise<void>
  advance(by: string | { by: string } | { until: 'next' | 'settled' }): Promise<Fired[]>
  leftOn(): Promise<string[]>
  close(): Promise<void>
}

export declare class Server {
  readonly url: string
  account(id?: string, region?: string): Account
  control(method: string, path: string, body?: object, query?: Record<string, string>): Promise<any>
  stop(): Promise<void>
}

export declare function start(settings?: Settings): Promise<Server>
export declare function connect(url?: string): Server

/** What a test sees: the server of its file, and an account of its own. */
export interface Local { readonly server: Server, readonly account: Account }
