import assert from "node:assert/strict";
import { test } from "node:test";
import { Book } from "../../kit/book";

interface Row { id: string; price: number; name: string }

const fresh = (descending = false) => new Book<Row>((r) => r.id, (r) => `${r.id} ${r.name}`, { key: (r) => r.price, descending });

// A small generator: the same numbers in every run.
function draw(seed: number) { return () => (seed = (seed * 48271) % 2147483647) / 2147483647; }

test("any order of changes ends as if all rows were sorted anew", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = draw(seed), book = fresh(seed % 2 === 0), truth = new Map<string, Row>();
    if (seed % 3 === 0) book.filter("even");
    for (let batch = 0; batch < 40; batch++) {
      const rows = Array.from({ length: Math.ceil(random() * 6) }, () => {
        const n = Math.floor(random() * 50), price = Math.floor(random() * 9);
        return { id: `T${n}`, price, name: price % 2 ? "odd" : "even" };
      });
      book.put(rows);
      for (const row of rows) truth.set(row.id, row);
      const gone = `T${Math.floor(random() * 50)}`;
      book.remove([gone]);
      truth.delete(gone);
      const sign = seed % 2 === 0 ? -1 : 1;
      const want = [...truth.values()].filter((r) => seed % 3 !== 0 || r.name === "even").sort((a, b) => sign * (a.price - b.price) || (a.id < b.id ? -1 : 1));
      assert.deepEqual(book.view, want, `seed ${seed}, batch ${batch}`);
      want.forEach((row, i) => assert.equal(book.indexOf(row.id), i));
    }
  }
});

test("a filter wants every word, in any case", () => {
  const book = fresh();
  book.load([{ id: "A", price: 1, name: "Nordhavn Shipping" }, { id: "B", price: 2, name: "Shipping House" }]);
  book.filter("SHIPPING nord");
  assert.deepEqual(book.view.map((r) => r.id), ["A"]);
  assert.equal(book.indexOf("B"), -1);
  book.filter("");
  assert.equal(book.view.length, 2);
});

test("a row that is not there has no place and can be removed", () => {
  const book = fresh();
  book.remove(["X"]);
  assert.equal(book.indexOf("X"), -1);
});
