package queue_test

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/queue"
)

func TestDeadlinesPopIsStrict(t *testing.T) {
	s := queue.NewDeadlines()
	if at, ok := s.Next(); ok {
		t.Errorf("Next() of an empty set = %d, true", at)
	}
	d := queue.Deadline{At: 100, Class: 1}
	s.Arm(d)
	if at, ok := s.Next(); !ok || at > 100 {
		t.Errorf("Next() = %d, %v; want at most 100, true", at, ok)
	}
	for _, before := range []int64{99, 100} {
		if got, ok := s.Pop(before); ok {
			t.Errorf("Pop(%d) = %v, true; want nothing before its instant has passed", before, got)
		}
	}
	if got, ok := s.Pop(101); !ok || got != d {
		t.Errorf("Pop(101) = %v, %v; want %v, true", got, ok, d)
	}
	if s.Len() != 0 {
		t.Errorf("Len() = %d after the last was popped", s.Len())
	}
}

func TestDeadlinesArmedWhilePopping(t *testing.T) {
	s := queue.NewDeadlines()
	s.Arm(queue.Deadline{At: 10, Class: 2})
	s.Arm(queue.Deadline{At: 20, Class: 1})
	var got []int64
	for d, ok := s.Pop(30); ok; d, ok = s.Pop(30) {
		got = append(got, d.At)
		if d.At == 10 {
			s.Arm(queue.Deadline{At: 5})  // the past: next
			s.Arm(queue.Deadline{At: 15}) // between
			s.Arm(queue.Deadline{At: 30}) // not before 30
		}
	}
	if diff := gocmp.Diff([]int64{10, 5, 15, 20}, got); diff != "" {
		t.Errorf("popped (-want +got):\n%s", diff)
	}
}

// TestDeadlinesOracle arms, cancels, moves and pops at random and compares with a sorted slice.
func TestDeadlinesOracle(t *testing.T) {
	anyDeadline := rapid.Custom(func(t *rapid.T) queue.Deadline {
		return queue.Deadline{
			At:      rapid.Int64Range(-3, 60).Draw(t, "at"),
			Class:   rapid.Uint8Range(1, 3).Draw(t, "class"),
			Ordinal: rapid.Uint64Range(0, 30).Draw(t, "ordinal"),
			Place:   rapid.Uint64Range(0, 2).Draw(t, "place"),
			Kind:    rapid.Uint8Range(0, 1).Draw(t, "kind"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := queue.NewDeadlines()
		var want []queue.Deadline
		arm := func(d queue.Deadline) {
			i, found := slices.BinarySearchFunc(want, d, queue.Deadline.Compare)
			if got := s.Arm(d); got == found {
				t.Fatalf("Arm(%v) = %v", d, got)
			}
			if !found {
				want = slices.Insert(want, i, d)
			}
		}
		cancel := func(d queue.Deadline) {
			i, found := slices.BinarySearchFunc(want, d, queue.Deadline.Compare)
			if got := s.Cancel(d); got != found {
				t.Fatalf("Cancel(%v) = %v, want %v", d, got, found)
			}
			if found {
				want = slices.Delete(want, i, i+1)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"arm": func(t *rapid.T) { arm(anyDeadline.Draw(t, "deadline")) },
			"arm many": func(t *rapid.T) {
				d := anyDeadline.Draw(t, "first")
				step := rapid.Int64Range(-1, 1).Draw(t, "step")
				for i := range rapid.IntRange(1, 700).Draw(t, "n") {
					d.At, d.Ordinal = d.At+step, uint64(i)
					arm(d)
				}
			},
			"cancel": func(t *rapid.T) { cancel(anyDeadline.Draw(t, "deadline")) },
			"move": func(t *rapid.T) {
				if len(want) == 0 {
					t.Skip("nothing to move")
				}
				d := rapid.SampledFrom(want).Draw(t, "deadline")
				cancel(d)
				d.At = rapid.Int64Range(-3, 60).Draw(t, "to")
				arm(d)
			},
			"pop": func(t *rapid.T) {
				before := rapid.Int64Range(-3, 61).Draw(t, "before")
				for len(want) > 0 && want[0].At < before {
					got, ok := s.Pop(before)
					if !ok || got != want[0] {
						t.Fatalf("Pop(%d) = %v, %v; want %v", before, got, ok, want[0])
					}
					want = want[1:]
				}
				if got, ok := s.Pop(before); ok {
					t.Fatalf("Pop(%d) = %v, want nothing", before, got)
				}
			},
			"": func(t *rapid.T) {
				if s.Len() != len(want) {
					t.Fatalf("Len() = %d, want %d", s.Len(), len(want))
				}
				at, ok := s.Next()
				if ok != (len(want) > 0) || ok && at > want[0].At {
					t.Fatalf("Next() = %d, %v with %d pending", at, ok, len(want))
				}
			},
		})
	})
}
