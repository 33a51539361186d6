// The page of on-call.
import "uplot/dist/uPlot.min.css";
import "../kit/tokens.css";
import "../kit/base.css";
import "../kit/grid.css";
import "../kit/waterfall.css";
import "../kit/chart.css";
import { render } from "preact";
import { Help } from "../kit/help";
import { listen } from "../kit/keys";
import { makeClient } from "../kit/session";
import { SignIn } from "../kit/signin";
import { Toasts } from "../kit/toasts";

listen();
render(<><SignIn client={makeClient()} name="operations" done={() => {}} /><Help /><Toasts /></>, document.getElementById("app")!);
