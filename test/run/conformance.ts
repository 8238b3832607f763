import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TypedArray } from "../../src/ir/dtype.js";
import { Fault } from "../../src/ir/fault.js";
import type { Host, Plan, Session, Slot, State } from "../../src/run/host.js";
import { accumulate, f, floats, op, plan, port } from "./support.js";

export const slot = (...values: number[]): Slot => ({ dtype: "float32", shape: [values.length], data: floats(...values) });

/** The fault that a promise rejects with. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Fault, String(error));
  return error;
}

/** What every host must do. Devices do not check indices, so there a model cannot be made to fail by its arguments. */
export function conformance(create: () => Promise<Host>, { checksIndices }: { readonly checksIndices: boolean }): void {
  let host: Host;
  before(async () => {
    host = await create();
  });
  after(() => host.close());

  test("a state that a call reads and writes has its old value throughout the call and its new value afterwards", async () => {
    const session = await host.load(accumulate);
    const state = await host.createState([slot(1, 2)]);
    const seen: TypedArray[] = [];
    for (let step = 0; step < 4; step++) seen.push((await session.run([floats(1, 10)], state))[0]!);
    assert.deepEqual(seen, [floats(1, 20), floats(2, 120), floats(3, 220), floats(4, 320)]);
    assert.deepEqual(await state.read(), [floats(5, 42)]);
  });

  test("many sessions use one state, and each reads and writes only the slots it names", async () => {
    const state = await host.createState([slot(1, 2), slot(10), slot(100)]);
    const train = await host.load(accumulate);
    const score = await host.load(plan([f("w", [2], 0), f("c", [1], 2)], [f("y", [2])], [op("Mul w c -> y")]));
    const add = await host.load(plan([f("b", [1], 1), f("c", [1], 2)], [f("d", [1], 2)], [op("Add b c -> d")]));
    await train.run([floats(1, 1)], state);
    assert.deepEqual(await score.run([], state), [floats(200, 300)]);
    assert.deepEqual(await add.run([], state), []);
    assert.deepEqual(await score.run([], state), [floats(220, 330)]);
    assert.deepEqual(await state.read(), [floats(2, 3), floats(10), floats(110)]);
  });

  test("one session serves many states", async () => {
    const session = await host.load(accumulate);
    const states = [await host.createState([slot(1, 1)]), await host.createState([slot(5, 5)])];
    await Promise.all(states.map((state) => session.run([floats(1, 2)], state)));
    assert.deepEqual(await Promise.all(states.map((state) => state.read())), [[floats(2, 3)], [floats(6, 7)]]);
  });

  test("calls that are not awaited happen in the order they were made", async () => {
    const session = await host.load(accumulate);
    const state = await host.createState([slot(0, 0)]);
    const calls = Array.from({ length: 20 }, () => session.run([floats(1, 1)], state));
    const read = state.read();
    const writing = state.write([floats(-1, -1)]);
    const last = session.run([floats(1, 1)], state);
    assert.deepEqual(
      (await Promise.all(calls)).map(([y]) => y![0]),
      Array.from({ length: 20 }, (_, step) => step),
    );
    assert.deepEqual(await read, [floats(20, 20)]);
    await writing;
    assert.deepEqual(await last, [floats(-1, -1)]);
  });

  test("results and what is read are the caller's to keep and to change", async () => {
    const session = await host.load(accumulate);
    const first = slot(1, 2);
    const state = await host.createState([first]);
    first.data.fill(9);
    const [kept] = await session.run([floats(1, 1)], state);
    const read = await state.read();
    read[0]!.fill(7);
    const written = floats(3, 3);
    await state.write([written]);
    written.fill(8);
    const [next] = await session.run([floats(1, 1)], state);
    assert.deepEqual([kept, next], [floats(1, 2), floats(3, 3)]);
    await session.run([floats(1, 1)], state);
    assert.deepEqual([kept, next], [floats(1, 2), floats(3, 3)]);
  });

  test("every dtype passes as argument, result and state; scalars and empty tensors too", async () => {
    const types = [
      { dtype: "float32", data: floats(0.5, -0, Number.NaN) },
      { dtype: "int32", data: Int32Array.of(-2147483648, 0, 2147483647) },
      { dtype: "uint32", data: Uint32Array.of(0, 7, 4294967295) },
      { dtype: "bool", data: Uint8Array.of(1, 0, 1) },
    ] as const;
    for (const { dtype, data } of types) {
      for (const shape of [[3], [], [0, 2]]) {
        const values = data.slice(
          0,
          shape.reduce((product, size) => product * size, 1),
        );
        const identity = plan(
          [port("x", dtype, shape), port("s", dtype, shape, 0)],
          [port("y", dtype, shape), port("t", dtype, shape, 0)],
          [op("Identity s -> y"), op("Identity x -> t")],
        );
        const session = await host.load(identity);
        const state = await host.createState([{ dtype, shape, data: values.slice().fill(0) }]);
        await session.run([values], state);
        assert.deepEqual(await state.read(), [values], `${dtype} (${shape})`);
        assert.deepEqual(await session.run([values], state), [values], `${dtype} (${shape})`);
      }
    }
  });

  test("results that only rename or reshape an argument, a constant or a slot are copies of their own", async () => {
    const rename = plan(
      [f("x", [2, 2]), f("w", [4], 0)],
      [f("same", [2, 2]), f("flat", [4]), f("c", [2]), f("kept", [2, 2]), f("moved", [4], 0), f("double", [4], 1)],
      [
        op("Identity x -> same"),
        op("Reshape x four -> flat"),
        op("Identity constant -> c"),
        op("Reshape w square -> kept"),
        op("Reshape x four -> moved"),
        op("Add moved moved -> double"),
      ],
      [
        { name: "four", type: "int64", shape: [1], data: [4] },
        { name: "square", type: "int64", shape: [2], data: [2, 2] },
        { name: "constant", type: "float32", shape: [2], data: [7, 8] },
      ],
    );
    const session = await host.load(rename);
    const state = await host.createState([slot(5, 6, 7, 8), slot(0, 0, 0, 0)]);
    const x = floats(1, 2, 3, 4);
    const first = await session.run([x], state);
    assert.deepEqual(first, [floats(1, 2, 3, 4), floats(1, 2, 3, 4), floats(7, 8), floats(5, 6, 7, 8)]);
    for (const result of first) result.fill(-1);
    x.fill(9);
    assert.deepEqual(await state.read(), [floats(1, 2, 3, 4), floats(2, 4, 6, 8)]);
    const second = await session.run([x], state);
    assert.deepEqual(second, [floats(9, 9, 9, 9), floats(9, 9, 9, 9), floats(7, 8), floats(1, 2, 3, 4)]);
  });

  test("views into larger buffers and shared memory are accepted as arguments, large ones too", async () => {
    const double = await host.load(plan([f("x", [4096])], [f("y", [4096])], [op("Add x x -> y")]));
    const large = Float32Array.from({ length: 10000 }, (_, index) => index);
    const expected = Float32Array.from({ length: 4096 }, (_, index) => 2 * (index + 5));
    assert.deepEqual(await double.run([large.subarray(5, 4101)]), [expected]);
    const Memory = typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer; // most pages share no memory
    const shared = new Float32Array(new Memory(4 * 4096));
    shared.set(large.subarray(5, 4101));
    assert.deepEqual(await double.run([shared]), [expected]);
    assert.equal(large[9999], 9999);
  });

  test("arguments that do not fit are refused with what was expected, and the session still works", async () => {
    const session = await host.load(accumulate);
    const state = await host.createState([slot(1, 2)]);
    const cases: [TypedArray[], RegExp, string, string][] = [
      [[], /wrong number of arguments/, "1", "0"],
      [[floats(1, 2), floats(1)], /wrong number of arguments/, "1", "2"],
      [[floats(1)], /argument "x" has the wrong number of elements/, "2 for float32 (2)", "1"],
      [[Int32Array.of(1, 2)], /argument "x" has the wrong storage/, "Float32Array for float32 (2)", "Int32Array"],
      [[Float64Array.of(1, 2)], /argument "x" has the wrong storage/, "Float32Array for float32 (2)", "Float64Array"],
    ];
    for (const [args, problem, expected, got] of cases) {
      const fault = await faultOf(session.run(args, state));
      assert.match(fault.problem, problem);
      assert.deepEqual([fault.where, fault.details.expected, fault.details.got], ["run", expected, got]);
    }
    assert.deepEqual(await session.run([floats(1, 1)], state), [floats(1, 2)]);
  });

  test("a state that is missing, too small or of another shape is refused", async () => {
    const session = await host.load(accumulate);
    assert.match((await faultOf(session.run([floats(1, 1)]))).problem, /"w" is kept in a state, and none was given/);
    const empty = await faultOf(session.run([floats(1, 1)], await host.createState([])));
    assert.equal(empty.details.got, "a state with 0 slots");
    const wrong = await faultOf(session.run([floats(1, 1)], await host.createState([slot(1, 2, 3)])));
    assert.deepEqual([wrong.details.expected, wrong.details.got], ["float32 (2)", "float32 (3)"]);
    const state = await host.createState([slot(1, 2)]);
    assert.match((await faultOf(state.write([floats(1)]))).problem, /slot 0 has the wrong number of elements/);
    assert.match((await faultOf(state.write([]))).problem, /wrong number of slots/);
    assert.match((await faultOf(host.createState([{ ...slot(1), shape: [2] }]))).problem, /slot 0 has the wrong number/);
    const foreign: State = { read: async () => [], write: async () => {}, dispose: async () => {} };
    assert.match((await faultOf(session.run([floats(1, 1)], foreign))).problem, /another host/);
  });

  // GPUs read beyond a table without a word: there is no failure to look at.
  if (checksIndices) {
    test("a model that fails while it runs changes no state and breaks nothing", async () => {
      // Row 9 of a table with two rows: only known when the model runs.
      const lookup = plan(
        [f("w", [2], 0), port("row", "int32", [1])],
        [f("new", [2], 0), f("y", [1])],
        [op("Add w w -> new"), op("Gather w row -> y", { axis: { kind: "int", value: 0 } })],
      );
      const session = await host.load(lookup);
      const state = await host.createState([slot(1, 2)]);
      const fault = await faultOf(session.run([Int32Array.of(9)], state));
      assert.deepEqual([fault.where, fault.problem], ["run", "the model failed"]);
      assert.match(fault.details.got!, /out of|bounds/);
      assert.deepEqual(await state.read(), [floats(1, 2)]);
      assert.deepEqual(await session.run([Int32Array.of(1)], state), [floats(2)]);
      assert.deepEqual(await state.read(), [floats(2, 4)]);
    });
  }

  test("bytes that are no model, models that make no sense and plans that do not match are refused", async () => {
    const load = async (broken: Plan): Promise<Fault> => faultOf(host.load(broken));
    assert.equal((await load({ ...accumulate, model: Uint8Array.of(1, 2, 3) })).problem, "the model cannot be loaded");
    assert.equal((await load({ ...accumulate, model: new Uint8Array(0) })).problem, "the model cannot be loaded");
    const truncated = accumulate.model.slice(0, accumulate.model.length / 2);
    assert.equal((await load({ ...accumulate, model: truncated })).problem, "the model cannot be loaded");
    const unknown = await load(plan([f("x")], [f("y")], [op("Frobnicate x -> y")]));
    assert.match(unknown.details.got!, /Frobnicate/);
    const other = await load({ ...accumulate, inputs: [f("w", [2], 0), f("x", [3])] });
    assert.deepEqual([other.details.expected, other.details.got], ["x: float32 (3)", "x: float32 (2)"]);
    assert.equal((await load({ ...accumulate, outputs: [f("new", [2], 0)] })).details.expected, "none");
    const twice = plan([f("x", [1])], [f("a", [1], 0), f("b", [1], 0)], [op("Neg x -> a"), op("Abs x -> b")]);
    assert.match((await load(twice)).problem, /two outputs write slot 0/);
    const session = await host.load(accumulate);
    assert.deepEqual(await session.run([floats(1, 1)], await host.createState([slot(1, 2)])), [floats(1, 2)]);
  });

  test("what is disposed of refuses later calls, finishes earlier ones, and may be disposed of again", async () => {
    const session = await host.load(accumulate);
    const state = await host.createState([slot(1, 2)]);
    const earlier = session.run([floats(1, 1)], state);
    await session.dispose();
    await session.dispose();
    assert.deepEqual(await earlier, [floats(1, 2)]);
    assert.match((await faultOf(session.run([floats(1, 1)], state))).problem, /the session is closed/);
    assert.deepEqual(await state.read(), [floats(2, 3)]);
    await state.dispose();
    await state.dispose();
    assert.match((await faultOf(state.read())).problem, /the state is closed/);
    assert.match((await faultOf(state.write([floats(1, 2)]))).problem, /the state is closed/);
    const again = await host.load(accumulate);
    assert.match((await faultOf(again.run([floats(1, 1)], state))).problem, /the state is closed/);
  });

  test("a closed host finishes earlier calls, refuses later ones, and may be closed again", async () => {
    const short = await create();
    const session: Session = await short.load(accumulate);
    const state = await short.createState([slot(1, 2)]);
    const earlier = session.run([floats(1, 1)], state);
    await short.close();
    await short.close();
    assert.deepEqual(await earlier, [floats(1, 2)]);
    const refused = [short.load(accumulate), short.createState([]), session.run([floats(1, 1)], state), state.read()];
    for (const call of refused) assert.match((await faultOf(call)).problem, /the host is closed/);
    await session.dispose();
    await state.dispose();
  });
}
