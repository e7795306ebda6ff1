import { beforeEach, describe, expect, it } from 'vitest';
import {
  createBrowserPlatform,
  loopbackHost,
  takeHostAddress,
} from '../../../renderer/app/browser-platform.ts';
import { NoKey } from '../../../renderer/app/platform.ts';

describe('the address of the page', () => {
  beforeEach(() => {
    sessionStorage.clear();
    history.replaceState(null, '', '/');
  });

  it('gives up its token to the session and does not show it any more', () => {
    history.replaceState(null, '', '/#token=abc-_123');
    expect(takeHostAddress(window)?.token).toBe('abc-_123');
    expect(location.hash).toBe('');
    expect(takeHostAddress(window)?.token).toBe('abc-_123');
  });

  it('names another engine only on this machine', () => {
    expect(loopbackHost('127.0.0.1:4711')).toBe('127.0.0.1:4711');
    expect(loopbackHost('[::1]:4711')).toBe('[::1]:4711');
    expect(loopbackHost('example.com:4711')).toBeUndefined();
    expect(loopbackHost('127.0.0.1:4711/x')).toBeUndefined();
    expect(loopbackHost('127.0.0.1:99999')).toBeUndefined();
    expect(loopbackHost('127.0.0.1.example.com:80')).toBeUndefined();
  });

  it('leads to the page host where the engine named is elsewhere', () => {
    history.replaceState(null, '', '/#token=abc&engine=example.com:80');
    expect(takeHostAddress(window)?.host).toBe(location.host);
    history.replaceState(null, '', '/#token=abc&engine=127.0.0.1:4711');
    expect(takeHostAddress(window)?.host).toBe('127.0.0.1:4711');
  });

  it('without a token connects to nothing and says what to do', async () => {
    await expect(createBrowserPlatform(window).connect()).rejects.toBeInstanceOf(NoKey);
  });
});
