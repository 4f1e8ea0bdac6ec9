/** Draws a component again only when what it shows has changed; a long timeline is not redrawn for a typing dot. */
import { Component, type ComponentChild, createElement, type FunctionComponent } from "preact";

export function memo<P extends object>(
  View: FunctionComponent<P>,
  same: (before: P, after: P) => boolean,
): new () => Component<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props as P, next);
    }

    override render(props: P): ComponentChild {
      return createElement(View, props);
    }
  };
}
