package persisttest

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/yardmaster/yardmaster/persist"
)

// groupChecks are about what a group does and which groups are taken.
func groupChecks() []check {
	return []check{
		{name: "an empty store shows nothing", run: emptyStore},
		{name: "a group of many desks is kept whole", run: manyDesks},
		{name: "a row is set, replaced, deleted and set again", run: rowLife},
		{name: "an empty value is a value", run: emptyValue},
		{name: "a row given twice in a commit takes the later value", run: rowTwice},
		{name: "names and ids that are prefixes of each other stay apart", run: prefixes},
		{name: "a commit without a new sequence changes rows and leaves no record", run: noRecord},
		{name: "a record may hold many entries", run: wideRecord},
		{name: "sequences reach the highest number", run: highSequence},
		{name: "a group without commits is durable after those before it", run: emptyGroup},
		{name: "the caller may reuse its slices once Commit returns", run: reuseSlices},
		{name: "a desk twice in a group is refused", run: deskTwice},
		{name: "a malformed commit is refused", run: malformed},
		{name: "sizes up to the limits are taken", run: atLimits},
		{name: "sizes above the limits are refused", run: aboveLimits},
		{name: "a refused group ends its lease", run: refusalEndsLease},
	}
}

func emptyStore(r *rig) {
	r.same()
	if got := r.content("nobody"); diffModel(model{"": {}}, model{"": got}) != "" {
		r.Errorf("a desk never committed to shows %+v", got)
	}
	if _, err := r.store.Get(r.ctx, "nobody", 1, []byte("x")); !errors.Is(err, persist.ErrNotFound) {
		r.Errorf("Get of a desk never committed to answered %v", err)
	}
	if err := r.store.Health(r.ctx); err != nil {
		r.Errorf("health: %v", err)
	}
}

func manyDesks(r *rig) {
	l := r.lead(1)
	for seq := uint64(1); seq <= 3; seq++ {
		var commits []persist.DeskCommit
		for d := range 50 {
			desk := fmt.Sprintf("desk-%02d", d)
			commits = append(commits, put(desk, seq,
				row(1, "ticket", fmt.Sprintf("%s at %d", desk, seq)),
				row(2, fmt.Sprint(seq), desk)))
		}
		r.keep(l, commits...)
		r.same()
	}
}

func rowLife(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "one"), row(1, "y", "other")))
	r.keep(l, put("a", 2, row(1, "x", "two")))
	r.same()
	r.keep(l, put("a", 3, row(1, "x"), row(1, "never there")))
	r.same()
	if _, err := r.store.Get(r.ctx, "a", 1, []byte("x")); !errors.Is(err, persist.ErrNotFound) {
		r.Errorf("Get of a deleted row answered %v", err)
	}
	r.keep(l, put("a", 4, row(1, "x", "again")))
	r.same()
}

func emptyValue(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "")))
	got, err := r.store.Get(r.ctx, "a", 1, []byte("x"))
	if err != nil || got == nil || len(got) != 0 {
		r.Errorf("Get answered %v, %v, want an empty value", got, err)
	}
	_, rows, err := loadAll(r.ctx, r.store, "a")
	if err != nil || len(rows) != 1 || rows[0].Value == nil {
		r.Errorf("Load answered %v, %v, want one row with an empty value", rows, err)
	}
}

func rowTwice(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "early"), row(1, "x", "late"), row(1, "y", "set"), row(1, "y"), row(1, "z"), row(1, "z", "set")))
	r.same()
}

func prefixes(r *rig) {
	l := r.lead(1)
	names := []string{"a", "ab", "a\x00", "a\xff", "\x00", "\xff\xff", "b", strings.Repeat("a", r.store.Limits().DeskBytesMax)}
	var commits []persist.DeskCommit
	for _, desk := range names {
		commits = append(commits, put(desk, 1,
			row(0, "", "no kind, no id"), row(1, "", desk), row(1, "\x00", desk), row(1, "a", desk), row(1, "ab", desk),
			row(1, "a\xff", desk), row(1, "\xff\xff", desk), row(255, "\xff", desk)))
	}
	r.keep(l, commits...)
	r.same()
	r.keep(l, put("a", 2, row(1, "a"), row(255, "\xff")))
	r.same()
}

func noRecord(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "one")))
	r.keep(l,
		persist.DeskCommit{Desk: "a", Expect: 1, Seq: 1, At: 77, Rows: []persist.Row{row(1, "x", "moved")}},
		persist.DeskCommit{Desk: "new", At: 78, Rows: []persist.Row{row(1, "x", "first")}})
	r.same()
	r.keep(l, put("a", 2))
	r.same()
}

func wideRecord(r *rig) {
	l := r.lead(1)
	r.keep(l, span("a", 0, 1_000))
	r.keep(l, span("a", 1_000, 1_001))
	quiet := span("a", 1_001, 5_000)
	quiet.Header, quiet.Journal = nil, nil
	r.keep(l, quiet)
	r.same()
}

func highSequence(r *rig) {
	l := r.lead(1)
	r.keep(l, span("a", 0, math.MaxUint64-1))
	r.keep(l, span("a", math.MaxUint64-1, math.MaxUint64))
	r.same()
}

func emptyGroup(r *rig) {
	l := r.lead(1)
	first := r.store.Commit(l, persist.Group{Commits: []persist.DeskCommit{put("a", 1, row(1, "x", "one"))}})
	if err := r.wait(r.store.Commit(l, persist.Group{})); err != nil {
		r.Fatalf("a group without commits answered %v", err)
	}
	if err := first.Wait(ended()); err != nil {
		r.Errorf("the group before it answered %v", err)
	}
	r.lead(1)
	r.refused(l, persist.ErrFenced)
}

func reuseSlices(r *rig) {
	l := r.lead(1)
	c := put("a", 1, row(1, "x", "value"))
	r.model.apply(persist.Group{Commits: []persist.DeskCommit{c}})
	g := persist.Group{Commits: []persist.DeskCommit{c}}
	p := r.store.Commit(l, g)
	for _, b := range [][]byte{c.Header, c.Journal, c.Rows[0].ID, c.Rows[0].Value} {
		copy(b, bytes.Repeat([]byte{'!'}, len(b)))
	}
	g.Commits[0], c.Rows[0] = put("b", 9), row(9, "9", "9")
	if err := r.wait(p); err != nil {
		r.Fatalf("commit: %v", err)
	}
	r.same()
}

func deskTwice(r *rig) {
	l := r.lead(1)
	r.refused(l, persist.ErrInvalid, put("a", 1, row(1, "x", "one")), put("b", 1), put("a", 2, row(1, "x", "two")))
	r.same()
}

func malformed(r *rig) {
	record := span("a", 5, 5)
	headerOnly, journalOnly := record, record
	headerOnly.Journal, journalOnly.Header = nil, nil
	for _, c := range []persist.DeskCommit{span("", 0, 1), span("a", 3, 2), record, headerOnly, journalOnly} {
		r.refused(r.lead(1), persist.ErrInvalid, put("innocent", 1), c)
	}
	r.same()
}

func atLimits(r *rig) {
	lim := r.store.Limits()
	c := put(strings.Repeat("d", lim.DeskBytesMax), 1,
		row(1, strings.Repeat("i", lim.IDBytesMax), strings.Repeat("v", lim.ValueBytesMax)))
	r.keep(r.lead(1), c)
	r.same()
}

func aboveLimits(r *rig) {
	lim := r.store.Limits()
	value := bytes.Repeat([]byte("v"), lim.ValueBytesMax+1)
	header, journal := put("a", 1), put("a", 1)
	header.Header, journal.Journal = value, value
	group := put("a", 1)
	for range lim.GroupBytesMax/lim.ValueBytesMax + 1 {
		group.Rows = append(group.Rows, persist.Row{Kind: 1, ID: fmt.Append(nil, len(group.Rows)), Value: value[:lim.ValueBytesMax]})
	}
	for _, c := range []persist.DeskCommit{
		put(strings.Repeat("d", lim.DeskBytesMax+1), 1),
		put("a", 1, row(1, strings.Repeat("i", lim.IDBytesMax+1), "v")),
		put("a", 1, persist.Row{Kind: 1, Value: value}),
		header, journal, group,
	} {
		r.refused(r.lead(1), persist.ErrTooLarge, put("innocent", 1), c)
	}
	r.same()
}

func refusalEndsLease(r *rig) {
	for seq, bad := range []struct {
		commit persist.DeskCommit
		reason error
	}{
		{span("", 0, 1), persist.ErrInvalid},
		{put(strings.Repeat("d", r.store.Limits().DeskBytesMax+1), 1), persist.ErrTooLarge},
		{put("a", 99), persist.ErrFenced},
	} {
		l := r.lead(1)
		r.refused(l, bad.reason, bad.commit)
		r.refused(l, persist.ErrFenced, put("b", uint64(seq)+1))
		r.refused(l, persist.ErrFenced)
		r.keep(r.lead(1), put("b", uint64(seq)+1))
	}
	r.same()
}
