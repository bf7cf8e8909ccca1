"""Chromium's own developer tools read a snapshot, and find the sizes and dominators of every object."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import subprocess
import time
import urllib.request

import pytest
from test_saved_heap import load
from test_snapshot import SYNTHETIC, check, random_file

from pdbleak.saved.snapshot import write_snapshot

websocket = pytest.importorskip("tornado.websocket")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# What the Memory panel's worker runs; a browser that can be debugged serves its tools.
ENGINE = "devtools/entrypoints/heap_snapshot_worker/heap_snapshot_worker.js"
PIECE = 1 << 20
READ = """
(async () => {
  const {HeapSnapshotLoader: loading, HeapSnapshot: heap} = await import(location.href);
  const loader = new loading.HeapSnapshotLoader({sendEvent() {}});
  const between = new MessageChannel();
  if (heap.SecondaryInitManager) new heap.SecondaryInitManager(between.port2);
  for (const each of globalThis.pieces) loader.write(each);
  loader.close();
  const found = await loader.buildSnapshot(between.port1);
  const rows = [];
  for (let node = found.rootNode(), at = 0; at < found.nodeCount; at++) {
    node.nodeIndex = at * found.nodeFieldCount;
    rows.push([node.selfSize(), node.retainedSize(), found.dominatorsTree[at], node.name()]);
  }
  return rows;
})()
"""


@pytest.fixture
def browser(tmp_path):
    """Where a browser serves its tools, and where it is told what to do."""
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    folder = tmp_path / "profile"
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-allow-origins=*"]
    place = ["--remote-debugging-port=0", f"--user-data-dir={folder}"]
    running = subprocess.Popen(
        [CHROMIUM, *options, *place, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        said = folder / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (said.exists() and said.read_text(encoding="ascii").count("\n")):
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        address = f"http://127.0.0.1:{said.read_text(encoding='ascii').split()[0]}"
        with urllib.request.urlopen(f"{address}/{ENGINE}", timeout=30) as answer:
            if b"HeapSnapshotLoader" not in answer.read():
                pytest.skip("this Chromium serves no developer tools")
        with urllib.request.urlopen(f"{address}/json/version", timeout=30) as answer:
            place = json.load(answer)["webSocketDebuggerUrl"]
        yield address, place
    finally:
        running.terminate()
        running.wait(30)


async def opened(address, place, text):
    """Return [self size, retained size, dominator, name] of every node, as the Memory panel computes them."""
    socket = await websocket.websocket_connect(place, max_message_size=1 << 28)
    number = 0

    async def call(method, session=None, **parameters):
        nonlocal number
        number += 1
        mine = number
        message = {"id": mine, "method": method, "params": parameters}
        await socket.write_message(json.dumps(message | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(await asyncio.wait_for(socket.read_message(), 60))
            if answer.get("id") == mine:
                return answer["result"]

    target = (await call("Target.createTarget", url=f"{address}/{ENGINE}"))["targetId"]
    page = (await call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]

    async def evaluate(expression):
        done = await call(
            "Runtime.evaluate", page, expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    until = time.monotonic() + 30
    while await evaluate("location.pathname") != f"/{ENGINE}":
        assert time.monotonic() < until
    await evaluate("globalThis.pieces = []; 0")
    for start in range(0, len(text), PIECE):
        await evaluate(f"pieces.push({json.dumps(text[start : start + PIECE])}); 0")
    rows = await evaluate(READ)
    socket.close()
    return rows


def test_chromiums_tools_find_the_same_dominators_and_retained_sizes(browser, tmp_path):
    path = tmp_path / "x.heapsnapshot"
    heap = load(tmp_path, random_file(random.Random(10), 3000))
    write_snapshot(heap, str(path))
    rows = asyncio.run(opened(*browser, path.read_text(encoding="utf-8")))
    assert len(rows) == heap.graph.nodes + SYNTHETIC
    nodes = range(heap.graph.nodes)
    assert [rows[node + SYNTHETIC][0] for node in nodes] == heap.sizes.tolist()
    assert {rows[node + SYNTHETIC][3] for node in nodes} == {"Channel", "list"}
    told = {}
    for node in nodes:
        _, retained, dominator, _ = rows[node + SYNTHETIC]
        told[node] = dominator - SYNTHETIC, retained
    check(heap, told)
