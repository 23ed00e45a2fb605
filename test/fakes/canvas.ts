/** A canvas context that keeps what is drawn on it, for tests that ask where, in which colour and in which shape. */
type Spot = readonly [x: number, y: number];

export interface Drawn {
  readonly op: 'fill' | 'stroke' | 'rect' | 'text';
  /** Corners in order, one list a sub-path. A rectangle has its two outer corners, a text where it begins. */
  readonly paths: readonly (readonly Spot[])[];
  readonly closed: boolean;
  readonly colour: string;
  readonly alpha: number;
  readonly width: number;
  readonly dash: readonly number[];
  /** Drawn inside a clip. */
  readonly clipped: boolean;
  readonly text: string | null;
}

interface Style {
  fillStyle: string;
  strokeStyle: string;
  globalAlpha: number;
  lineWidth: number;
  dash: readonly number[];
  clipped: boolean;
}

class RecordingContext {
  readonly drawn: Drawn[] = [];
  private style: Style = { fillStyle: '', strokeStyle: '', globalAlpha: 1, lineWidth: 1, dash: [], clipped: false };
  private readonly saved: Style[] = [];
  private paths: Spot[][] = [];
  private closed = false;
  // Set by what draws and of no interest here.
  font = '';
  lineJoin = '';
  textBaseline = '';

  get fillStyle(): string {
    return this.style.fillStyle;
  }
  set fillStyle(colour: string) {
    this.style.fillStyle = colour;
  }
  get strokeStyle(): string {
    return this.style.strokeStyle;
  }
  set strokeStyle(colour: string) {
    this.style.strokeStyle = colour;
  }
  get globalAlpha(): number {
    return this.style.globalAlpha;
  }
  set globalAlpha(alpha: number) {
    this.style.globalAlpha = alpha;
  }
  get lineWidth(): number {
    return this.style.lineWidth;
  }
  set lineWidth(width: number) {
    this.style.lineWidth = width;
  }
  setLineDash(dash: readonly number[]): void {
    this.style.dash = dash;
  }
  save(): void {
    this.saved.push({ ...this.style });
  }
  restore(): void {
    this.style = this.saved.pop() ?? this.style;
  }
  clip(): void {
    this.style.clipped = true;
  }
  rect(): void {
    // Only what clips is a rectangle in a path.
  }
  beginPath(): void {
    this.paths = [];
    this.closed = false;
  }
  closePath(): void {
    this.closed = true;
  }
  moveTo(x: number, y: number): void {
    this.paths.push([[x, y]]);
  }
  lineTo(x: number, y: number): void {
    const path = this.paths.at(-1);
    if (path) path.push([x, y]);
    else this.paths.push([[x, y]]);
  }
  arc(x: number, y: number): void {
    this.paths.push([[x, y]]);
  }
  fill(): void {
    this.keep('fill', this.paths, this.style.fillStyle);
  }
  stroke(): void {
    this.keep('stroke', this.paths, this.style.strokeStyle);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.keep('rect', [
      [
        [x, y],
        [x + width, y + height],
      ],
    ]);
  }
  fillText(text: string, x: number, y: number): void {
    this.keep('text', [[[x, y]]], this.style.fillStyle, text);
  }
  measureText(text: string): { readonly width: number } {
    return { width: 6 * text.length };
  }

  private keep(op: Drawn['op'], paths: readonly (readonly Spot[])[], colour = this.style.fillStyle, text: string | null = null): void {
    const { globalAlpha: alpha, lineWidth: width, dash, clipped } = this.style;
    const copy = paths.map((path) => path.map(([x, y]): Spot => [x, y]));
    this.drawn.push({ op, paths: copy, closed: this.closed, colour, alpha, width, dash: [...dash], clipped, text });
  }
}

export const recordingContext = (): { readonly context: CanvasRenderingContext2D; readonly drawn: readonly Drawn[] } => {
  const context = new RecordingContext();
  return { context: context as unknown as CanvasRenderingContext2D, drawn: context.drawn };
};
