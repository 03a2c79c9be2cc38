package queue_test

import (
	"fmt"

	"github.com/yardmaster/yardmaster/queue"
)

// A line orders by bucket, rank, original enqueue instant and ordinal, and knows how many stand ahead.
func ExampleLine() {
	line := queue.NewLine()
	normal := queue.Key{Rank: 3, Enqueued: 100, Ordinal: 1}
	urgent := queue.Key{Rank: 1, Enqueued: 200, Ordinal: 2}
	line.Insert(normal)
	line.Insert(urgent)

	first, _ := line.Min()
	fmt.Println("first:", first.Ordinal)
	fmt.Println("ahead of the normal one:", line.Position(normal))

	// A change of priority is a delete and an insert; the enqueue instant stays.
	line.Delete(normal)
	normal.Rank = 1
	line.Insert(normal)
	fmt.Println("ahead of it now:", line.Position(normal))
	// Output:
	// first: 2
	// ahead of the normal one: 1
	// ahead of it now: 0
}

// A reader's clone stays as it was while the owner goes on writing.
func ExampleLine_Clone() {
	line := queue.NewLine()
	line.Insert(queue.Key{Ordinal: 1})
	snapshot := line.Clone()
	line.Insert(queue.Key{Ordinal: 2})
	fmt.Println(snapshot.Len(), line.Len())
	// Output: 1 2
}

// A queue keeps one line for each signature, here the skill that an item asks for. A server looks at one item of each kind; a
// reader sees one merged order.
func ExampleQueue() {
	q := queue.NewQueue[string]()
	q.Put("german", queue.Key{Enqueued: 10, Ordinal: 1})
	q.Put("german", queue.Key{Enqueued: 20, Ordinal: 2})
	q.Put("french", queue.Key{Enqueued: 15, Ordinal: 3})

	for skill, k := range q.Fronts() {
		fmt.Println("front", k.Ordinal, skill)
	}
	for skill, k := range q.Ascend() {
		fmt.Println(q.Position(k), "ahead of", k.Ordinal, skill)
	}
	// Output:
	// front 1 german
	// front 3 french
	// 0 ahead of 1 german
	// 1 ahead of 3 french
	// 2 ahead of 2 german
}

// Before something happens at an instant, everything that fell due earlier is taken out, in order.
func ExampleDeadlines() {
	const breach, offer = 1, 3
	pending := queue.NewDeadlines()
	pending.Arm(queue.Deadline{At: 1000, Class: offer, Ordinal: 4})
	pending.Arm(queue.Deadline{At: 1000, Class: breach, Ordinal: 9})
	pending.Arm(queue.Deadline{At: 2000, Class: breach, Ordinal: 4})

	for d, ok := pending.Pop(2000); ok; d, ok = pending.Pop(2000) {
		fmt.Println("at", d.At, "class", d.Class, "ordinal", d.Ordinal)
	}
	at, _ := pending.Next()
	fmt.Println("not before", at)
	// Output:
	// at 1000 class 1 ordinal 9
	// at 1000 class 3 ordinal 4
	// not before 2000
}
