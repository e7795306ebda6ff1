import { describe, expect, it } from 'vitest';
import {
  commandForButton,
  commandForKey,
  editsText,
  type KeyPress,
} from '../../../renderer/app/shortcuts.ts';

function press(key: string, parts: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...parts };
}

describe('keys', () => {
  it('open the screens by one letter', () => {
    const keys = ['o', 'g', 'l', 'r', 'e'];
    expect(keys.map((key) => commandForKey(press(key), false))).toEqual([
      'show-open',
      'show-map',
      'show-flows',
      'show-rules',
      'show-export',
    ]);
  });

  it('undo and redo with Ctrl-Z, Ctrl-Shift-Z and Ctrl-Y', () => {
    expect(commandForKey(press('z', { ctrlKey: true }), false)).toBe('undo');
    expect(commandForKey(press('Z', { ctrlKey: true, shiftKey: true }), false)).toBe('redo');
    expect(commandForKey(press('y', { metaKey: true }), false)).toBe('redo');
  });

  it('leave letters and Ctrl-Z to a text that is being edited, but still open the palette', () => {
    expect(commandForKey(press('r'), true)).toBeUndefined();
    expect(commandForKey(press('z', { ctrlKey: true }), true)).toBeUndefined();
    expect(commandForKey(press('k', { ctrlKey: true }), true)).toBe('palette');
    expect(commandForKey(press(',', { metaKey: true }), true)).toBe('preferences');
  });

  it('go back and forward with Alt and an arrow, and with the side buttons of the mouse', () => {
    expect(commandForKey(press('ArrowLeft', { altKey: true }), false)).toBe('back');
    expect(commandForKey(press('ArrowRight', { altKey: true }), false)).toBe('forward');
    expect(commandForKey(press('ArrowLeft', { altKey: true }), true)).toBeUndefined();
    expect(commandForKey(press('ArrowUp', { altKey: true }), false)).toBeUndefined();
    expect(commandForKey(press('ArrowLeft'), false)).toBeUndefined();
    expect([0, 1, 2, 3, 4].map(commandForButton)).toEqual([
      undefined,
      undefined,
      undefined,
      'back',
      'forward',
    ]);
  });

  it('mean nothing together with Alt, nor where they are names of inherited properties', () => {
    expect(commandForKey(press('r', { altKey: true }), false)).toBeUndefined();
    expect(commandForKey(press('toString'), false)).toBeUndefined();
  });

  it('count as editing in a text field, not on a check box', () => {
    const text = document.createElement('input');
    const tick = document.createElement('input');
    tick.type = 'checkbox';
    expect(editsText(text)).toBe(true);
    expect(editsText(tick)).toBe(false);
    expect(editsText(null)).toBe(false);
  });
});
