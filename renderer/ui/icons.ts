/** Outlines drawn on a grid of 20 by 20, stroked with the current colour. */
export const ICONS = {
  open: 'M3 15.5V5a1 1 0 0 1 1-1h3.6l1.8 2H16a1 1 0 0 1 1 1v8.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1ZM10 9v5M7.8 11.2 10 9l2.2 2.2',
  map: 'M3.5 4h4.5v4.5H3.5ZM12 11.5h4.5V16H12ZM8 6.2h3.3a3 3 0 0 1 3 3v2.3M12.8 3.5h3.2v3.2M3.5 13.2h3.2v3.2H3.5Z',
  inventory: 'M3.5 4h5v4h-5ZM3.5 12h5v4h-5ZM11.5 5h5M11.5 7.5h3.5M11.5 13h5M11.5 15.5h3.5',
  flows: 'M3 6h11.5M12 3.5 14.5 6 12 8.5M17 14H5.5M8 11.5 5.5 14 8 16.5',
  rules: 'M3 4.5h14v4H3ZM3 11.5h14v4H3ZM6 6.5h4M6 13.5h4M14 6.5h.01M14 13.5h.01',
  export: 'M10 12.5v-9M7 6.5l3-3 3 3M4 11v4.5a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V11',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M7 4.8 3.8 8 7 11.2',
  redo: 'M16 8H8a4 4 0 0 0 0 8h4M13 4.8 16.2 8 13 11.2',
  sun: 'M10 6.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4ZM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1',
  moon: 'M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8Z',
  system: 'M3 4.5h14v9H3ZM7.5 16.5h5M10 13.5v3',
  search: 'M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4ZM12.7 12.7 16.5 16.5',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  plus: 'M10 4.5v11M4.5 10h11',
  minus: 'M4.5 10h11',
  fit: 'M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5',
  tidy: 'M3.5 4.5h4v4h-4ZM3.5 12h4v4h-4ZM12.5 8h4v4h-4ZM7.5 6.5c3 0 2 3.5 5 3.5M7.5 14c3 0 2-4 5-4',
  panel: 'M3 4.5h14v11H3ZM12.5 4.5v11',
  keys: 'M2.5 5.5h15v9h-15ZM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.8h7',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.700 10h7.6l.700-10M8.5 9v4.5M11.5 9v4.5',
  copy: 'M7.5 7.5h9v9h-9ZM12.5 7.5v-4h-9v9h4',
  grip: 'M7.5 5.5h.01M12.5 5.5h.01M7.5 10h.01M12.5 10h.01M7.5 14.5h.01M12.5 14.5h.01',
  warning: 'M10 3.5 17.5 16.5h-15ZM10 8v4M10 14.2h.01',
  check: 'M4 10.5l4 4 8-9',
  filter: 'M3 4.5h14l-5.5 6.5v5l-3-1.8V11Z',
  arrow: 'M3.5 10h12.5M11.5 5.5 16 10l-4.5 4.5',
  picture: 'M3 4.5h14v11H3ZM3 13l4-4 3.5 3.5L13 10l4 4M12.7 7.5h.01',
  legend: 'M3.5 5.5h4M10 5.5h6.5M3.5 10h4M10 10h6.5M3.5 14.5h4M10 14.5h6.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof ICONS;
