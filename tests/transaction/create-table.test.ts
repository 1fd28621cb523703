import { describe, expect, it } from 'vitest'
import { createTable } from '../../src/transaction/create-table.js'
import { ScriptedStore } from './scripted-store.js'
import { add, committed, prepared, protocolWith, testLocation, testMetadata } from './test-table.js'

const CREATE = prepared([protocolWith(), testMetadata()], { operation: 'CREATE TABLE' })

describe('createTable', () => {
  it('commits version 0 with protocol, metadata and first files', async () => {
    const { location } = testLocation()
    const create = prepared([protocolWith(), testMetadata({ 'my.key': '1' }), add('first')], {
      operation: 'CREATE TABLE AS SELECT',
      txn: { appId: 'loader', version: 1 },
    })
    const { snapshot } = await createTable(location, create)
    expect(snapshot).toMatchObject({ version: 0, metadata: { configuration: { 'my.key': '1' } } })
    const actions = await committed(location, 0)
    expect(actions.map(({ type }) => type)).toEqual(['commitInfo', 'protocol', 'metaData', 'txn', 'add'])
    expect(actions[0]).not.toHaveProperty('readVersion')
  })

  it('of many at once is done by one', async () => {
    const { location } = testLocation()
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => createTable(location, CREATE)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'TableAlreadyExists' })
    }
  })

  it('does not begin a log anew whose first commits were cleaned up', async () => {
    const { location } = testLocation()
    await location.store.put('_delta_log/00000000000000000010.checkpoint.parquet', new Uint8Array(), { mode: 'create' })
    await expect(createTable(location, CREATE)).rejects.toMatchObject({ code: 'TableAlreadyExists' })
  })

  it('knows its own commit again after the reply was lost', async () => {
    let store: ScriptedStore | undefined
    const { location } = testLocation((inner) => {
      store = new ScriptedStore(inner)
      store.puts.push('request lost', 'reply lost')
      return store
    })
    expect(await createTable(location, CREATE)).toMatchObject({ version: 0, attempts: 2 })
  })

  it('knows its own commit again where the store got it twice and says that it exists', async () => {
    const { location } = testLocation((inner) => {
      const put = inner.put.bind(inner)
      inner.put = async (key, body, options) => {
        if (key.endsWith('.json')) await put(key, body, options)
        return put(key, body, options)
      }
      return inner
    })
    expect(await createTable(location, CREATE)).toMatchObject({ version: 0, attempts: 1 })
  })

  it('says so when a request for it may still arrive', async () => {
    const { location } = testLocation((inner) => {
      const store = new ScriptedStore(inner)
      store.puts.push('late', 'refused')
      return store
    })
    const failure = createTable(location, CREATE, { maxAttempts: 2 })
    await expect(failure).rejects.toMatchObject({ code: 'CommitStateUnknown', details: { version: 0 } })
  })

  it('refuses what could not be written to afterwards', async () => {
    const { location, clock } = testLocation()
    const create = prepared([protocolWith('icebergCompatV1'), testMetadata({ 'delta.enableIcebergCompatV1': 'true' })])
    await expect(createTable(location, create)).rejects.toMatchObject({ code: 'UnsupportedFeature' })
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1))
  })
})
