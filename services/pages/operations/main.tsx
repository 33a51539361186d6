// The page of on-call.
import "uplot/dist/uPlot.min.css";
import "../kit/tokens.css";
import "../kit/base.css";
import "../kit/grid.css";
import "../kit/waterfall.css";
import "../kit/chart.css";
import "./operations.css";
import { render } from "preact";
import { listen } from "../kit/keys";
import { App } from "./app";
import { follow } from "./core";

listen();
follow();
render(<App />, document.getElementById("app")!);
