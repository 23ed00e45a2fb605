import type { Verdict } from '../src/model/assessment.ts';
import type { PanelTone } from '../src/protocol/messages.ts';
import { icon } from './dom.ts';

const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };

/** A shape for each verdict, so that colour is not needed to tell them apart. */
export const verdictIcon = (verdict: Verdict): SVGElement => {
  switch (verdict) {
    case 'healthy':
      return icon(
        'verdict-healthy',
        [16, 16],
        [
          ['circle', { cx: '8', cy: '8', r: '6.4', ...line }],
          ['path', { d: 'M5 8.3 7.2 10.4 11 6', ...line }],
        ],
      );
    case 'regressing':
      return icon(
        'verdict-regressing',
        [16, 16],
        [
          ['path', { d: 'M8 1.4 15.2 14.4H0.8Z', fill: 'currentColor' }],
          ['path', { d: 'M8 6v4.2M8 12.2v.2', ...line, class: 'cut' }],
        ],
      );
    case 'inconclusive':
      return icon(
        'verdict-inconclusive',
        [16, 16],
        [
          ['circle', { cx: '8', cy: '8', r: '6.4', ...line, 'stroke-dasharray': '3 2.4' }],
          ['path', { d: 'M8 4.6V8l2.2 1.6', ...line }],
        ],
      );
    case 'noData':
      return icon(
        'verdict-no-data',
        [16, 16],
        [
          ['circle', { cx: '8', cy: '8', r: '6.4', ...line }],
          ['path', { d: 'M5 8h6', ...line }],
        ],
      );
  }
};

/** The line of a column as the legend shows it: the same hue and the same dashes as in the chart. */
export const swatch = (tone: PanelTone): SVGElement => icon(`swatch tone-${tone}`, [22, 10], [['path', { d: 'M1 5h20', class: 'stroke' }]]);

export const bandSwatch = (): SVGElement => icon('swatch band', [22, 10], [['rect', { x: '1', y: '0', width: '20', height: '10' }]]);
export const changeSwatch = (): SVGElement => icon('swatch change', [8, 14], [['path', { d: 'M4 0v14', class: 'stroke' }]]);
export const markerSwatch = (severity: 'minor' | 'major'): SVGElement =>
  icon(`swatch marker-${severity}`, [14, 14], [['path', { d: severity === 'major' ? 'M7 1.5 13 12.5H1Z' : 'M7 1 13 7 7 13 1 7Z' }]]);
