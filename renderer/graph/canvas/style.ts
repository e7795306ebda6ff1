import type { StylesheetJson } from 'cytoscape';
import { coloursOf, FONT, type Colours } from './colours.ts';
import { COMPOUND_PADDING } from './geometry.ts';

function nodeStyles(c: Colours): StylesheetJson {
  return [
    {
      selector: 'node',
      style: {
        width: 'data(width)',
        height: 'data(height)',
        shape: 'round-rectangle',
        'background-color': c.surface,
        'border-width': 1.2,
        'border-color': c.line,
        label: 'data(label)',
        color: c.ink,
        'font-family': FONT,
        'font-size': 12,
        'text-wrap': 'wrap',
        'text-valign': 'center',
        'text-halign': 'center',
        'line-height': 1.25,
        'min-zoomed-font-size': 5,
        'overlay-opacity': 0,
        'transition-property': 'none',
      },
    },
    {
      selector: 'node.holder',
      style: {
        padding: `${COMPOUND_PADDING}px`,
        'compound-sizing-wrt-labels': 'exclude',
        'background-color': c.tier,
        'background-opacity': 1,
        'border-width': 1.4,
        'border-color': c.line,
        'font-weight': 'bold',
        'text-valign': 'top',
        'text-margin-y': COMPOUND_PADDING - 5,
        'corner-radius': '10',
      },
    },
    {
      selector: 'node.holder.root',
      style: { 'background-color': c.frame, 'border-width': 1.2, 'font-size': 13 },
    },
    { selector: 'node.group:childless', style: { 'font-weight': 'bold' } },
    {
      selector: 'node.workload',
      style: { 'background-color': c.surface, 'font-size': 11.5, 'corner-radius': '6' },
    },
    {
      selector: 'node.ip-set',
      style: {
        shape: 'cut-rectangle',
        'background-color': c.addressSoft,
        'border-color': c.address,
        'border-width': 1.6,
      },
    },
    {
      selector: 'node.vip',
      style: {
        shape: 'hexagon',
        'background-color': c.addressSoft,
        'border-color': c.address,
        'border-width': 2.4,
      },
    },
    {
      selector: 'node.shared:childless',
      style: {
        shape: 'barrel',
        'background-color': c.sharedSoft,
        'border-color': c.shared,
        'border-width': 1.4,
      },
    },
    {
      selector: 'node.shared.holder',
      style: { 'border-style': 'dashed', 'border-color': c.shared },
    },
    {
      selector: 'node.folded',
      style: { 'border-style': 'double', 'border-width': 4, 'font-weight': 'bold' },
    },
    {
      selector: 'node.outside',
      style: { shape: 'ellipse', 'border-color': c.soft, 'border-width': 1.8 },
    },
    {
      selector: 'node.blocked',
      style: {
        shape: 'octagon',
        'background-color': c.blockedSoft,
        'border-color': c.blocked,
        'border-width': 1.8,
      },
    },
    { selector: 'node.ungrouped', style: { 'border-style': 'dashed', 'border-color': c.soft } },
    {
      selector: 'node.other',
      style: { shape: 'round-tag', 'border-style': 'dotted', 'border-color': c.soft },
    },
  ];
}

function edgeStyles(c: Colours): StylesheetJson {
  return [
    {
      selector: 'edge',
      style: {
        width: 'data(width)',
        'curve-style': 'unbundled-bezier',
        'control-point-distances': 'data(bend)' as unknown as number,
        'control-point-weights': 0.5,
        'edge-distances': 'intersection',
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.9,
        label: 'data(label)',
        color: c.soft,
        'font-family': FONT,
        'font-size': 11,
        'text-background-color': c.ground,
        'text-background-opacity': 0.9,
        'text-background-padding': '2px',
        'text-background-shape': 'roundrectangle',
        'min-zoomed-font-size': 6,
        'overlay-opacity': 0,
        'loop-direction': '-45deg',
        'loop-sweep': '60deg',
      },
    },
    {
      selector: 'edge.allowed',
      style: { 'line-color': c.allowed, 'target-arrow-color': c.allowed, 'line-style': 'solid' },
    },
    {
      selector: 'edge.blocked',
      style: {
        'line-color': c.blocked,
        'target-arrow-color': c.blocked,
        'line-style': 'dashed',
        'line-dash-pattern': [6, 4],
      },
    },
    {
      selector: 'edge.mixed',
      style: {
        'line-color': c.mixed,
        'target-arrow-color': c.mixed,
        'line-style': 'dashed',
        'line-dash-pattern': [12, 4, 2, 4],
      },
    },
    {
      selector: 'edge.seen-both',
      style: { 'line-color': c.allowed, 'target-arrow-color': c.allowed, 'line-style': 'solid' },
    },
    {
      selector: 'edge.seen-perimeter',
      style: {
        'line-color': c.mixed,
        'target-arrow-color': c.mixed,
        'line-style': 'dashed',
        'line-dash-pattern': [9, 5],
      },
    },
    {
      selector: 'edge.seen-vnic',
      style: {
        'line-color': c.accent,
        'target-arrow-color': c.accent,
        'line-style': 'dashed',
        'line-dash-pattern': [2, 4],
      },
    },
    {
      selector: 'edge.seen-elsewhere',
      style: { 'line-color': c.line, 'target-arrow-color': c.line, 'line-style': 'solid' },
    },
    {
      selector: 'edge.change-new',
      style: { 'line-color': c.accent, 'target-arrow-color': c.accent, 'line-style': 'solid' },
    },
    {
      selector: 'edge.change-gone',
      style: {
        'line-color': c.mixed,
        'target-arrow-color': c.mixed,
        'line-style': 'dashed',
        'line-dash-pattern': [3, 5],
        opacity: 0.75,
      },
    },
    {
      selector: 'edge.change-both',
      style: { 'line-color': c.line, 'target-arrow-color': c.line, 'line-style': 'solid' },
    },
    {
      selector: 'edge.draft-allowed',
      style: { 'line-color': c.allowed, 'target-arrow-color': c.allowed, 'line-style': 'solid' },
    },
    {
      selector: 'edge.draft-unprotected',
      style: {
        'line-color': c.mixed,
        'target-arrow-color': c.mixed,
        'line-style': 'dashed',
        'line-dash-pattern': [2, 4],
      },
    },
    {
      selector: 'edge.draft-blocked',
      style: {
        'line-color': c.soft,
        'target-arrow-color': c.soft,
        'target-arrow-shape': 'tee',
        'line-style': 'dashed',
        'line-dash-pattern': [6, 4],
      },
    },
    {
      selector: 'edge.draft-breaks',
      style: {
        'line-color': c.blocked,
        'target-arrow-color': c.blocked,
        'target-arrow-shape': 'tee',
        'line-style': 'dashed',
        'line-dash-pattern': [12, 4],
        'z-index': 9,
      },
    },
    {
      selector: 'edge.draft-untold',
      style: { 'line-color': c.line, 'target-arrow-color': c.line, 'line-style': 'solid' },
    },
    { selector: 'edge.infra', style: { opacity: 0.42 } },
    { selector: 'edge.draft-breaks', style: { opacity: 1 } },
    { selector: 'edge.quiet', style: { 'text-opacity': 0, 'text-background-opacity': 0 } },
    {
      selector: 'edge.rule',
      style: {
        'line-color': c.rule,
        'target-arrow-color': c.rule,
        'arrow-scale': 1.3,
        color: c.surface,
        'font-weight': 'bold',
        'font-size': 11,
        'text-background-color': c.rule,
        'text-background-opacity': 1,
        'text-background-padding': '4px',
        'z-index': 20,
      },
    },
    {
      selector: 'edge.rule.denies',
      style: { 'line-style': 'dashed', 'target-arrow-shape': 'tee' },
    },
    { selector: 'edge.rule.disabled', style: { opacity: 0.45 } },
  ];
}

function stateStyles(c: Colours): StylesheetJson {
  return [
    {
      selector: 'edge.dim',
      style: { opacity: 0.16, 'text-opacity': 0, 'text-background-opacity': 0 },
    },
    { selector: 'node.dim', style: { opacity: 0.45 } },
    {
      selector: 'edge.near, edge.pointed',
      style: { 'text-opacity': 1, 'text-background-opacity': 0.9, 'z-index': 10, opacity: 1 },
    },
    {
      selector: 'node.chosen',
      style: { 'border-color': c.accent, 'border-width': 3, 'border-style': 'solid' },
    },
    {
      selector: 'edge.chosen',
      style: {
        'underlay-color': c.accent,
        'underlay-opacity': 0.3,
        'underlay-padding': 5,
        'text-opacity': 1,
        opacity: 1,
        color: c.ink,
        'z-index': 30,
      },
    },
    { selector: 'edge.rule.chosen', style: { color: c.surface } },
    {
      selector: 'node.found',
      style: {
        'border-color': c.mixed,
        'border-width': 3,
        'underlay-color': c.mixed,
        'underlay-opacity': 0.22,
        'underlay-padding': 6,
      },
    },
    {
      selector: 'node.found.chosen',
      style: { 'border-color': c.accent, 'underlay-color': c.accent, 'underlay-opacity': 0.3 },
    },
    { selector: 'node.eligible', style: { 'border-color': c.rule, 'border-width': 2 } },
    {
      selector: 'node.target',
      style: {
        'border-color': c.rule,
        'border-width': 4,
        'border-style': 'solid',
        'underlay-color': c.rule,
        'underlay-opacity': 0.25,
        'underlay-padding': 6,
      },
    },
  ];
}

/** The look of the map in a theme. Meaning is carried by shape and dash as well as by colour. */
export function mapStyle(theme: 'light' | 'dark'): StylesheetJson {
  const colours = coloursOf(theme);
  return [...nodeStyles(colours), ...edgeStyles(colours), ...stateStyles(colours)];
}
