/**
 * Moves and scales a picture: by dragging, by wheel with Ctrl, by keys, by buttons.
 *
 * In:    the size of the picture. Out: what goes to its elements; ways to move it.
 * Holds: nothing is rendered anew while it moves: the place is written to the group itself. Without a word from the user the
 *        whole picture is in view, also when its size changes.
 */
import { useCallback, useEffect, useRef } from 'react';
import type { RefObject } from 'react';

export type View = { x: number; y: number; scale: number };

const LEAST = 0.08;
const MOST = 4;
const MARGIN = 20;
/** Of the picture, below the buttons. */
const TOP = 56;

export type PanZoom = {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly group: RefObject<SVGGElement | null>;
  /** All of it in view. */
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly pan: (dx: number, dy: number) => void;
  /** Brings a place into view. */
  readonly show: (rect: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }) => void;
};

export function usePanZoom(width: number, height: number): PanZoom {
  const svg = useRef<SVGSVGElement>(null);
  const group = useRef<SVGGElement>(null);
  const view = useRef<View>({ x: 0, y: 0, scale: 1 });
  const isTouched = useRef(false);

  const write = useCallback((): void => {
    const { x, y, scale } = view.current;
    group.current?.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
  }, []);

  const fit = useCallback((): void => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    const scale = Math.min(1.5, (box.width - 2 * MARGIN) / width, (box.height - 2 * MARGIN) / height);
    const bounded = Math.max(LEAST, scale);
    view.current = {
      scale: bounded,
      x: (box.width - width * bounded) / 2,
      // What is flat stands at the top: that is what is in view.
      y: Math.min(TOP, (box.height - height * bounded) / 2),
    };
    isTouched.current = false;
    write();
  }, [width, height, write]);

  const zoomAt = useCallback(
    (by: number, at: { readonly x: number; readonly y: number }): void => {
      const { x, y, scale } = view.current;
      const next = Math.min(MOST, Math.max(LEAST, scale * by));
      // What lies under the pointer stays there.
      view.current = { scale: next, x: at.x - ((at.x - x) * next) / scale, y: at.y - ((at.y - y) * next) / scale };
      isTouched.current = true;
      write();
    },
    [write],
  );

  const zoom = useCallback(
    (by: number): void => {
      const box = svg.current?.getBoundingClientRect();
      if (box !== undefined) zoomAt(by, { x: box.width / 2, y: box.height / 2 });
    },
    [zoomAt],
  );

  const pan = useCallback(
    (dx: number, dy: number): void => {
      view.current = { ...view.current, x: view.current.x + dx, y: view.current.y + dy };
      isTouched.current = true;
      write();
    },
    [write],
  );

  const show = useCallback<PanZoom['show']>(
    (rect) => {
      const box = svg.current?.getBoundingClientRect();
      if (box === undefined) return;
      const { x, y, scale } = view.current;
      const [left, top] = [rect.x * scale + x, rect.y * scale + y];
      const [right, bottom] = [left + rect.width * scale, top + rect.height * scale];
      const dx = left < MARGIN ? MARGIN - left : right > box.width - MARGIN ? box.width - MARGIN - right : 0;
      const dy = top < MARGIN ? MARGIN - top : bottom > box.height - MARGIN ? box.height - MARGIN - bottom : 0;
      if (dx !== 0 || dy !== 0) pan(dx, dy);
    },
    [pan],
  );

  useEffect(() => {
    fit();
    const element = svg.current;
    if (element === null) return;
    const sized = new ResizeObserver(() => {
      if (!isTouched.current) fit();
    });
    sized.observe(element);
    let last: { x: number; y: number } | null = null;
    const down = (event: PointerEvent): void => {
      if (event.button === 0) last = { x: event.clientX, y: event.clientY };
    };
    const move = (event: PointerEvent): void => {
      if (last === null) return;
      const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
      // A click that trembles is none that drags.
      if (!element.classList.contains('dragging') && Math.abs(dx) + Math.abs(dy) < 4) return;
      element.classList.add('dragging');
      last = { x: event.clientX, y: event.clientY };
      pan(dx, dy);
    };
    const up = (): void => {
      last = null;
      // The click that ends a drag chooses nothing.
      setTimeout(() => element.classList.remove('dragging'));
    };
    const wheel = (event: WheelEvent): void => {
      // Without Ctrl the page scrolls, as everywhere.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element.addEventListener('pointerdown', down);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      sized.disconnect();
      element.removeEventListener('pointerdown', down);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      element.removeEventListener('wheel', wheel);
    };
  }, [fit, pan, zoomAt]);

  return { svg, group, fit, zoom, pan, show };
}
