package persisttest

import (
	"fmt"
	"math/rand/v2"

	"github.com/yardmaster/yardmaster/persist"
)

// mixedChecks do many things in an order drawn from a seed, against the model.
func mixedChecks() []check {
	var cs []check
	for seed := range uint64(6) {
		cs = append(cs, check{
			name: fmt.Sprintf("random groups, leaders and reopenings agree with the model, seed %d", seed),
			run:  func(r *rig) { walk(r, rand.New(rand.NewPCG(seed, 1))) },
		})
	}
	return cs
}

func walk(r *rig, rng *rand.Rand) {
	l := r.lead(1)
	for range 120 {
		switch rng.IntN(20) {
		case 0:
			r.reopen()
			l = r.lead(1)
		case 1:
			former := l
			l = r.lead(1)
			r.refused(former, persist.ErrFenced, r.draw(rng)...)
		case 2:
			cs := append(r.draw(rng), put("odd", r.model["odd"].State.Seq+2))
			r.refused(l, persist.ErrFenced, cs...)
			l = r.lead(1)
		default:
			r.keep(l, r.draw(rng)...)
		}
		if rng.IntN(4) == 0 {
			r.same()
		}
	}
	r.same()
}

// draw makes a valid group of commits on some of a few desks and rows.
func (r *rig) draw(rng *rand.Rand) []persist.DeskCommit {
	var cs []persist.DeskCommit
	for _, d := range rng.Perm(6)[:rng.IntN(5)] {
		desk := fmt.Sprint("desk ", d)
		last := r.model[desk].State.Seq
		c := span(desk, last, last+rng.Uint64N(4))
		if c.Seq == c.Expect {
			c.Header, c.Journal = nil, nil
		}
		if rng.IntN(2) == 0 {
			c.Header = nil
		}
		for range rng.IntN(6) {
			c.Rows = append(c.Rows, drawRow(rng))
		}
		cs = append(cs, c)
	}
	return cs
}

func drawRow(rng *rand.Rand) persist.Row {
	kind, id := byte(rng.IntN(3)), fmt.Sprint(rng.IntN(12))
	if rng.IntN(3) == 0 {
		return row(kind, id)
	}
	return row(kind, id, fmt.Sprint("value ", rng.IntN(1_000)))
}
