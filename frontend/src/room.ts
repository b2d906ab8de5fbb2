/** What every page of the operations room loads: one small file; drawings come in when a page has one. */
import { watchClocks } from "./page/clocks.ts";
import { watchDialogs } from "./page/dialogs.ts";
import { watchDrafts } from "./page/drafts.ts";
import { watchKeys } from "./page/keys.ts";
import { watchRequests } from "./page/requests.ts";
import { watchTicks } from "./page/ticks.ts";
import { watchIslands } from "./islands/mount.ts";

watchClocks();
watchDialogs();
watchDrafts();
watchKeys();
watchRequests();
watchTicks();
watchIslands();
