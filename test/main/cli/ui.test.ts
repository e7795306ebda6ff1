import { describe, expect, test } from 'vitest';
import { createClient } from '../../../shared/ipc/client.ts';
import { connectToHost } from '../../conformance/host-client.ts';
import { SAMPLE, truth } from '../../conformance/temp-engine.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();

describe('ui', () => {
  test('serves the page and the project, opens paths, and ends with Ctrl-C', async () => {
    const running = cli.start('ui', SAMPLE, '-p', 'ui.segw', '--browser');
    const [, port = '', token = ''] = await running.printed(
      /Open http:\/\/127\.0\.0\.1:(\d+)\/#token=(\S+)\n/,
    );
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<!doctype html>/i);
    const host = { port: Number(port), token };
    const client = createClient(await connectToHost(host));
    await running.printed(/Opened 12,038 lines of /);
    const project = await client.call('project.read', {});
    expect(project.totals.events).toBe(truth.totals.events);

    const locked = await cli.run('flows', '-p', 'ui.segw');
    expect(oneLine(locked, 3)).toContain('is open in another process');

    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await cli.run('flows', '-p', 'ui.segw')).code).toBe(0);
  });

  test('names the development server and lets its page in', async () => {
    const page = 'http://localhost:5173/';
    const running = cli.start('ui', '-p', 'page.segw', '--page', page);
    const [, address = ''] = await running.printed(/Open (\S+)\n/);
    expect(address).toMatch(/^http:\/\/localhost:5173\/#token=\S+&engine=127\.0\.0\.1:\d+$/);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
