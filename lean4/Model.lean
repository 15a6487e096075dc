module
/-! What a model computes, and what follows for every input from checks that can be run on its table.

A model is a decision tree and, where the tree defers, a perceptron, both on quantised features. The definitions
mirror `pt.sunbeam.codegen.Evaluator`. No theorem here knows a constant of any model: the tables are generated,
`Checks` runs the checks. Only `Init` is used. -/
@[expose] public noncomputable section
namespace Model

/-- In the order of suspicion. -/
inductive Verdict | allow | defer | block
  deriving DecidableEq

def Verdict.rank : Verdict → Nat
  | .allow => 0
  | .defer => 1
  | .block => 2

/-- Features, raw or quantised, by their position. -/
abbrev Input := Nat → Int

/-- Features past the end read as 0. -/
def ofList (l : List Int) : Input := fun i => l.getD i 0

def InBox (lo hi x : Input) : Prop := ∀ i, lo i ≤ x i ∧ x i ≤ hi i

/-- `y` is `x` with no evidence less and nothing else changed. -/
def MoreEvidence (evidence : Nat → Bool) (x y : Input) : Prop :=
  (∀ i, x i ≤ y i) ∧ ∀ i, evidence i = false → x i = y i

/-! ## Quantisation -/

structure Feature where
  cuts : List Int
  evidence : Bool

/-- How many cuts are at or below the value. -/
def level : List Int → Int → Int
  | [], _ => 0
  | c :: cs, v => (if c ≤ v then 1 else 0) + level cs v

def quantise (fs : List Feature) (raw : Input) : Input := fun i =>
  match fs[i]? with
  | some f => level f.cuts (raw i)
  | none => 0

/-- The highest level of a feature. -/
def top (fs : List Feature) : Input := fun i =>
  match fs[i]? with
  | some f => f.cuts.length
  | none => 0

def isEvidence (fs : List Feature) (i : Nat) : Bool :=
  match fs[i]? with
  | some f => f.evidence
  | none => false

/-- What quantisation can give. -/
def Quantised (fs : List Feature) (x : Input) : Prop := InBox (fun _ => 0) (top fs) x

theorem level_bounds (cs : List Int) (v : Int) : 0 ≤ level cs v ∧ level cs v ≤ cs.length := by
  induction cs with
  | nil => simp [level]
  | cons c cs ih =>
    simp only [level, List.length_cons]
    split <;> omega

theorem level_mono (cs : List Int) {u v : Int} (h : u ≤ v) : level cs u ≤ level cs v := by
  induction cs with
  | nil => simp [level]
  | cons c cs ih =>
    simp only [level]
    split <;> split <;> omega

theorem quantise_quantised (fs : List Feature) (raw : Input) : Quantised fs (quantise fs raw) := by
  intro i
  simp only [quantise, top]
  cases fs[i]? with
  | none => simp
  | some f => exact level_bounds f.cuts (raw i)

theorem quantise_more {fs : List Feature} {x y : Input} (h : MoreEvidence (isEvidence fs) x y) :
    MoreEvidence (isEvidence fs) (quantise fs x) (quantise fs y) := by
  refine ⟨fun i => ?_, fun i hi => ?_⟩
  · simp only [quantise]
    cases fs[i]? with
    | none => simp
    | some f => exact level_mono f.cuts (h.1 i)
  · simp only [quantise, h.2 i hi]

/-- At most 127 cuts, so that a level is a byte. -/
def levelsFit (fs : List Feature) : Bool := fs.all fun f => decide (f.cuts.length ≤ 127)

theorem levelsFit_sound {fs : List Feature} (h : levelsFit fs = true) {x : Input} (hx : Quantised fs x) :
    ∀ i, (x i).natAbs ≤ 127 := by
  intro i
  have hi := hx i
  simp only [top] at hi
  cases hf : fs[i]? with
  | none => simp only [hf] at hi; omega
  | some f =>
    simp only [hf] at hi
    simp only [levelsFit, List.all_eq_true, decide_eq_true_eq] at h
    have := h f (List.mem_of_getElem? hf)
    omega

/-! ## The tree: a table of nodes, root first -/

inductive Node
  | leaf (v : Verdict)
  | split (feature : Nat) (threshold : Int) (left right : Nat)

/-- The loop of the Java code, from node `i`, at most `fuel` steps: the leaf where it ends, and its verdict. -/
def walk (t : List Node) (x : Input) : Nat → Nat → Option (Nat × Verdict)
  | 0, _ => none
  | fuel + 1, i =>
    match t[i]? with
    | none => none
    | some (.leaf v) => some (i, v)
    | some (.split f c l r) => if x f ≤ c then walk t x fuel l else walk t x fuel r

/-- The same tree without indices: what the checks work on. -/
inductive Tree
  | leaf (v : Verdict)
  | split (feature : Nat) (threshold : Int) (left right : Tree)

namespace Tree

def size : Tree → Nat
  | leaf _ => 1
  | split _ _ l r => 1 + l.size + r.size

/-- The leaf for an input and its verdict; `i` is the index of the root. -/
def find (x : Input) : Nat → Tree → Nat × Verdict
  | i, leaf v => (i, v)
  | i, split f c l r => if x f ≤ c then l.find x (i + 1) else r.find x (i + 1 + l.size)

/-- The table in pre-order; `i` is the index of its first node. -/
def flat : Nat → Tree → List Node
  | _, leaf v => [.leaf v]
  | i, split f c l r => .split f c (i + 1) (i + 1 + l.size) :: (l.flat (i + 1) ++ r.flat (i + 1 + l.size))

theorem flat_length (t : Tree) : ∀ i, (t.flat i).length = t.size := by
  induction t with
  | leaf v => intro i; simp [flat, size]
  | split f c l r hl hr => intro i; simp [flat, size, hl, hr]; omega

theorem size_pos (t : Tree) : 0 < t.size := by cases t <;> simp [size]; omega

theorem walk_flat (x : Input) (t : Tree) : ∀ (pre post : List Node) (i fuel : Nat), pre.length = i → t.size ≤ fuel →
    walk (pre ++ (t.flat i ++ post)) x fuel i = some (t.find x i) := by
  induction t with
  | leaf v =>
    intro pre post i fuel hi hf
    cases fuel with
    | zero => simp [size] at hf
    | succ fuel => subst hi; simp [walk, flat, find]
  | split f c l r hl hr =>
    intro pre post i fuel hi hf
    cases fuel with
    | zero => simp [size] at hf
    | succ fuel =>
      have hnode : (pre ++ ((split f c l r).flat i ++ post))[i]? = some (.split f c (i + 1) (i + 1 + l.size)) := by
        subst hi; simp [flat]
      simp only [walk, hnode, find]
      simp only [size] at hf
      split
      · have h := hl (pre ++ [.split f c (i + 1) (i + 1 + l.size)]) (r.flat (i + 1 + l.size) ++ post) (i + 1) fuel
          (by simp [hi]) (by omega)
        rw [← h]; simp [flat, List.append_assoc]
      · have h := hr (pre ++ .split f c (i + 1) (i + 1 + l.size) :: l.flat (i + 1)) post (i + 1 + l.size) fuel
          (by simp [flat_length]; omega) (by omega)
        rw [← h]; simp [flat, List.append_assoc]

end Tree

/-- The trees that a part of a table spells out, if each child stands where pre-order puts it; `i` is the index of
the first node. -/
def build : Nat → List Node → Option (List Tree)
  | _, [] => some []
  | i, .leaf v :: rest =>
    match build (i + 1) rest with
    | some s => some (.leaf v :: s)
    | none => none
  | i, .split f c l r :: rest =>
    match build (i + 1) rest with
    | some (a :: b :: s) => if l = i + 1 ∧ r = i + 1 + a.size then some (.split f c a b :: s) else none
    | _ => none

def treeOf (t : List Node) : Option Tree :=
  match build 0 t with
  | some [a] => some a
  | _ => none

def flats : Nat → List Tree → List Node
  | _, [] => []
  | i, a :: s => a.flat i ++ flats (i + a.size) s

theorem build_flats (t : List Node) : ∀ (i : Nat) (s : List Tree), build i t = some s → t = flats i s := by
  induction t with
  | nil => intro i s h; simp [build] at h; subst h; simp [flats]
  | cons n rest ih =>
    intro i s h
    cases n with
    | leaf v =>
      simp only [build] at h
      cases hb : build (i + 1) rest with
      | none => simp [hb] at h
      | some s' =>
        simp only [hb, Option.some.injEq] at h
        subst h
        simp [flats, Tree.flat, Tree.size, ← ih _ _ hb]
    | split f c l r =>
      simp only [build] at h
      split at h
      · rename_i a b s' hb
        split at h
        · rename_i hlr
          simp only [Option.some.injEq] at h
          subst h
          have hr := ih _ _ hb
          have hi : i + (1 + a.size + b.size) = i + 1 + a.size + b.size := by omega
          simp only [flats, Tree.flat, Tree.size, hi, List.cons_append, List.append_assoc, hlr.1, hlr.2]
          rw [hr]; simp [flats]
        · simp at h
      · simp at h

theorem treeOf_flat {t : List Node} {a : Tree} (h : treeOf t = some a) : t = a.flat 0 := by
  simp only [treeOf] at h
  split at h
  · rename_i b hb
    simp only [Option.some.injEq] at h
    subst h
    have := build_flats _ _ _ hb
    simpa [flats] using this
  · simp at h

/-- The loop ends at the leaf where the tree does. -/
theorem walk_treeOf {t : List Node} {a : Tree} (h : treeOf t = some a) (x : Input) :
    walk t x t.length 0 = some (a.find x 0) := by
  have ht := treeOf_flat h
  have := a.walk_flat x [] [] 0 t.length rfl (by rw [ht, Tree.flat_length]; exact Nat.le_refl _)
  rw [← this, ht]; simp

/-! ### A wrong child index is refused -/

/-- A node without its child indices. -/
def Node.blank : Node → Node
  | .leaf v => .leaf v
  | .split f c _ _ => .split f c 0 0

def skeleton : List Node → Option (List Tree)
  | [] => some []
  | .leaf v :: rest =>
    match skeleton rest with
    | some s => some (.leaf v :: s)
    | none => none
  | .split f c _ _ :: rest =>
    match skeleton rest with
    | some (a :: b :: s) => some (.split f c a b :: s)
    | _ => none

theorem skeleton_blank (t : List Node) : skeleton (t.map Node.blank) = skeleton t := by
  induction t with
  | nil => rfl
  | cons n rest ih => cases n <;> simp [skeleton, Node.blank, ih]

theorem build_skeleton (t : List Node) : ∀ (i : Nat) (s : List Tree), build i t = some s → skeleton t = some s := by
  induction t with
  | nil => intro i s h; simpa [build, skeleton] using h
  | cons n rest ih =>
    intro i s h
    cases n with
    | leaf v =>
      simp only [build] at h
      cases hb : build (i + 1) rest with
      | none => simp [hb] at h
      | some s' => simp only [hb] at h; simp only [skeleton, ih _ _ hb]; exact h
    | split f c l r =>
      simp only [build] at h
      split at h
      · rename_i a b s' hb
        split at h
        · simp only [skeleton, ih _ _ hb]; exact h
        · simp at h
      · simp at h

/-- Of two tables that differ in child indices alone, at most one passes: no index can be changed unnoticed. -/
theorem child_indices_unique {t u : List Node} {a b : Tree} (ht : treeOf t = some a) (hu : treeOf u = some b)
    (h : t.map Node.blank = u.map Node.blank) : t = u := by
  have key : ∀ {w : List Node} {c : Tree}, treeOf w = some c → skeleton w = some [c] := by
    intro w c hw
    simp only [treeOf] at hw
    split at hw
    · rename_i d hd
      simp only [Option.some.injEq] at hw
      subst hw
      exact build_skeleton _ _ _ hd
    · simp at hw
  have hs := congrArg skeleton h
  rw [skeleton_blank, skeleton_blank, key ht, key hu] at hs
  simp only [Option.some.injEq, List.cons.injEq, and_true] at hs
  rw [treeOf_flat ht, treeOf_flat hu, hs]

/-! ### Checks on trees -/

namespace Tree

/-- Only the first `n` features are asked for. -/
def asksBelow (n : Nat) : Tree → Bool
  | leaf _ => true
  | split f _ l r => decide (f < n) && l.asksBelow n && r.asksBelow n

theorem asksBelow_sound {n : Nat} {x y : Input} (h : ∀ i, i < n → x i = y i) (t : Tree) :
    ∀ i, t.asksBelow n = true → t.find x i = t.find y i := by
  induction t with
  | leaf v => intro i _; simp [find]
  | split f c l r hl hr =>
    intro i hc
    simp only [asksBelow, Bool.and_eq_true, decide_eq_true_eq] at hc
    simp only [find, h f hc.1.1, hl _ hc.1.2, hr _ hc.2]

def set (g : Input) (f : Nat) (v : Int) : Input := fun i => if i = f then v else g i

/-- Every split of the box `[lo, hi]` leaves something on both sides. -/
def reachable : Tree → Input → Input → Bool
  | leaf _, _, _ => true
  | split f c l r, lo, hi =>
    decide (lo f ≤ c) && decide (c < hi f) && l.reachable lo (set hi f c) && r.reachable (set lo f (c + 1)) hi

theorem reachable_sound (t : Tree) : ∀ (lo hi : Input) (i j : Nat) (v : Verdict), t.reachable lo hi = true →
    (∀ k, lo k ≤ hi k) → (t.flat i)[j]? = some (.leaf v) → ∃ x, InBox lo hi x ∧ t.find x i = (i + j, v) := by
  induction t with
  | leaf w =>
    intro lo hi i j v _ hb hj
    cases j with
    | zero =>
      simp only [flat, List.getElem?_cons_zero, Option.some.injEq, Node.leaf.injEq] at hj
      exact ⟨lo, fun k => ⟨Int.le_refl _, hb k⟩, by simp [find, hj]⟩
    | succ j => simp [flat] at hj
  | split f c l r hl hr =>
    intro lo hi i j v hc hb hj
    simp only [reachable, Bool.and_eq_true, decide_eq_true_eq] at hc
    cases j with
    | zero => simp [flat] at hj
    | succ j =>
      simp only [flat, List.getElem?_cons_succ] at hj
      by_cases hjl : j < l.size
      · rw [List.getElem?_append_left (by rw [flat_length]; exact hjl)] at hj
        have hbox : ∀ k, lo k ≤ set hi f c k := by
          intro k
          simp only [set]
          split
          · rename_i h; subst h; exact hc.1.1.1
          · exact hb k
        obtain ⟨x, hx, hf⟩ := hl lo (set hi f c) (i + 1) j v hc.1.2 hbox hj
        have hxf := (hx f).2
        simp only [set, if_true] at hxf
        refine ⟨x, fun k => ⟨(hx k).1, ?_⟩, ?_⟩
        · have := (hx k).2
          simp only [set] at this
          split at this
          · rename_i h; subst h; omega
          · exact this
        · simp only [find, hxf, if_true, hf]
          exact Prod.ext (by simp only []; omega) rfl
      · rw [List.getElem?_append_right (by rw [flat_length]; omega), flat_length] at hj
        have hbox : ∀ k, set lo f (c + 1) k ≤ hi k := by
          intro k
          simp only [set]
          split
          · rename_i h; subst h; omega
          · exact hb k
        obtain ⟨x, hx, hf⟩ := hr (set lo f (c + 1)) hi (i + 1 + l.size) (j - l.size) v hc.2 hbox hj
        have hxf := (hx f).1
        simp only [set, if_true] at hxf
        refine ⟨x, fun k => ⟨?_, (hx k).2⟩, ?_⟩
        · have := (hx k).1
          simp only [set] at this
          split at this
          · rename_i h; subst h; omega
          · exact this
        · have hn : ¬ x f ≤ c := by omega
          simp only [find, hn, if_false, hf]
          exact Prod.ext (by simp only []; omega) rfl

/-- The least and the greatest rank of a leaf. -/
def least : Tree → Nat
  | leaf v => v.rank
  | split _ _ l r => min l.least r.least

def greatest : Tree → Nat
  | leaf v => v.rank
  | split _ _ l r => max l.greatest r.greatest

theorem rank_bounds (x : Input) (t : Tree) :
    ∀ i, t.least ≤ (t.find x i).2.rank ∧ (t.find x i).2.rank ≤ t.greatest := by
  induction t with
  | leaf v => intro i; simp [least, greatest, find]
  | split f c l r hl hr =>
    intro i
    have h1 := hl (i + 1)
    have h2 := hr (i + 1 + l.size)
    simp only [least, greatest, find]
    split <;> omega

/-- No split on evidence has a leaf on its left that ranks above one on its right. -/
def monotone (evidence : Nat → Bool) : Tree → Bool
  | leaf _ => true
  | split f _ l r =>
    (!evidence f || decide (l.greatest ≤ r.least)) && l.monotone evidence && r.monotone evidence

theorem monotone_sound {evidence : Nat → Bool} {x y : Input} (h : MoreEvidence evidence x y) (t : Tree) :
    ∀ i j, t.monotone evidence = true → (t.find x i).2.rank ≤ (t.find y j).2.rank := by
  induction t with
  | leaf v => intro i j _; simp [find]
  | split f c l r hl hr =>
    intro i j hc
    simp only [monotone, Bool.and_eq_true, Bool.or_eq_true, Bool.not_eq_true', decide_eq_true_eq] at hc
    have hle := h.1 f
    simp only [find]
    split <;> split
    · exact hl _ _ hc.1.2
    · rcases hc.1.1 with he | hs
      · have := h.2 f he; omega
      · have h1 := (rank_bounds x l (i + 1)).2
        have h2 := (rank_bounds y r (j + 1 + l.size)).1
        omega
    · omega
    · exact hr _ _ hc.2

end Tree

/-! ## The perceptron -/

/-- A hidden unit: its input weights, its bias, and the weight of its output. -/
structure Row where
  weights : List Int
  bias : Int
  output : Int

structure Net where
  rows : List Row
  bias : Int
  shift : Nat

def dot (x : Input) : Nat → List Int → Int
  | _, [] => 0
  | i, w :: ws => w * x i + dot x (i + 1) ws

def act (s : Nat) (z : Int) : Int := min 127 (max 0 z / 2 ^ s)

def out (s : Nat) (x : Input) : List Row → Int
  | [] => 0
  | r :: rs => r.output * act s (r.bias + dot x 0 r.weights) + out s x rs

def Net.logit (n : Net) (x : Input) : Int := n.bias + out n.shift x n.rows

theorem act_mono (s : Nat) {a b : Int} (h : a ≤ b) : act s a ≤ act s b := by
  have hp : (0 : Int) < 2 ^ s := Int.pow_pos (by decide)
  have hm : max 0 a ≤ max 0 b := by omega
  have hd : max 0 a / 2 ^ s ≤ max 0 b / 2 ^ s := Int.ediv_le_ediv hp hm
  simp only [act]
  omega

theorem act_bounds (s : Nat) (z : Int) : 0 ≤ act s z ∧ act s z ≤ 127 := by
  have hp : (0 : Int) < 2 ^ s := Int.pow_pos (by decide)
  have : 0 ≤ max 0 z / 2 ^ s := Int.ediv_nonneg (by omega) (by omega)
  simp only [act]
  omega

/-! ### The same in 32 bits -/

/-- What an `int` keeps of an integer. -/
def wrap (z : Int) : Int := (z + 2147483648) % 4294967296 - 2147483648

theorem wrap_id {z : Int} (h : z.natAbs < 2147483648) : wrap z = z := by
  simp only [wrap]; omega

/-- `sum += weights[i] * x[i]`, cut to 32 bits after every operation. -/
def dot32 (x : Input) : Nat → Int → List Int → Int
  | _, a, [] => a
  | i, a, w :: ws => dot32 x (i + 1) (wrap (a + wrap (w * x i))) ws

/-- `logit += output * min(127, max(0, sum) >> shift)`, cut to 32 bits after every operation. -/
def out32 (s : Nat) (x : Input) : Int → List Row → Int
  | a, [] => a
  | a, r :: rs => out32 s x (wrap (a + wrap (r.output * act s (dot32 x 0 r.bias r.weights)))) rs

def Net.logit32 (n : Net) (x : Input) : Int := out32 n.shift x n.bias n.rows

def l1 : List Int → Nat
  | [] => 0
  | w :: ws => w.natAbs + l1 ws

def outputL1 : List Row → Nat
  | [] => 0
  | r :: rs => r.output.natAbs + outputL1 rs

theorem dot32_exact {x : Input} (hx : ∀ i, (x i).natAbs ≤ 127) (ws : List Int) :
    ∀ (i : Nat) (a : Int), a.natAbs + l1 ws * 127 < 2147483648 → dot32 x i a ws = a + dot x i ws := by
  induction ws with
  | nil => intro i a _; simp [dot32, dot]
  | cons w ws ih =>
    intro i a h
    have hp : (w * x i).natAbs ≤ w.natAbs * 127 := by
      rw [Int.natAbs_mul]; exact Nat.mul_le_mul_left _ (hx i)
    simp only [l1, Nat.add_mul] at h
    have hs : (a + w * x i).natAbs ≤ a.natAbs + (w * x i).natAbs := Int.natAbs_add_le _ _
    have e1 : wrap (w * x i) = w * x i := wrap_id (by omega)
    have e2 : wrap (a + w * x i) = a + w * x i := wrap_id (by omega)
    simp only [dot32, dot, e1, e2]
    rw [ih (i + 1) (a + w * x i) (by omega)]
    omega

/-- No sum can leave 32 bits: neither that of a hidden unit nor the logit, which also stays below the largest `int`. -/
def Net.fits (n : Net) : Bool :=
  (n.rows.all fun r => decide (r.bias.natAbs + l1 r.weights * 127 < 2147483648))
  && decide (n.bias.natAbs + outputL1 n.rows * 127 < 2147483647)

theorem out32_exact {x : Input} (hx : ∀ i, (x i).natAbs ≤ 127) (s : Nat) (rs : List Row) :
    ∀ (a : Int), (∀ r ∈ rs, r.bias.natAbs + l1 r.weights * 127 < 2147483648) →
      a.natAbs + outputL1 rs * 127 < 2147483647 →
      out32 s x a rs = a + out s x rs ∧ (a + out s x rs).natAbs < 2147483647 := by
  induction rs with
  | nil => intro a _ h; simp only [outputL1] at h; simp only [out32, out]; omega
  | cons r rs ih =>
    intro a hr h
    have hd := dot32_exact hx r.weights 0 r.bias (hr r (List.mem_cons_self ..))
    have hb := act_bounds s (r.bias + dot x 0 r.weights)
    have hp : (r.output * act s (r.bias + dot x 0 r.weights)).natAbs ≤ r.output.natAbs * 127 := by
      rw [Int.natAbs_mul]; exact Nat.mul_le_mul_left _ (by omega)
    simp only [outputL1, Nat.add_mul] at h
    have hs := Int.natAbs_add_le a (r.output * act s (r.bias + dot x 0 r.weights))
    have e1 := wrap_id (z := r.output * act s (r.bias + dot x 0 r.weights)) (by omega)
    have e2 := wrap_id (z := a + r.output * act s (r.bias + dot x 0 r.weights)) (by omega)
    have := ih (a + r.output * act s (r.bias + dot x 0 r.weights))
      (fun q hq => hr q (List.mem_cons_of_mem _ hq)) (by omega)
    simp only [out32, out, hd, e1, e2, this.1]
    have hassoc : a + r.output * act s (r.bias + dot x 0 r.weights) + out s x rs
        = a + (r.output * act s (r.bias + dot x 0 r.weights) + out s x rs) := Int.add_assoc ..
    rw [← hassoc]
    exact ⟨rfl, this.2⟩

theorem Net.fits_sound {n : Net} (h : n.fits = true) {x : Input} (hx : ∀ i, (x i).natAbs ≤ 127) :
    n.logit32 x = n.logit x ∧ (n.logit x).natAbs < 2147483647 := by
  simp only [Net.fits, Bool.and_eq_true, List.all_eq_true, decide_eq_true_eq] at h
  exact out32_exact hx n.shift n.rows n.bias h.1 h.2

/-! ### Checks on perceptrons -/

/-- Each hidden unit has one weight for each feature. -/
def Net.shaped (features : Nat) (n : Net) : Bool := n.rows.all fun r => decide (r.weights.length = features)

theorem dot_reads {n : Nat} {x y : Input} (h : ∀ i, i < n → x i = y i) (ws : List Int) :
    ∀ i, i + ws.length ≤ n → dot x i ws = dot y i ws := by
  induction ws with
  | nil => intro i _; simp [dot]
  | cons w ws ih =>
    intro i hi
    simp only [List.length_cons] at hi
    simp only [dot, h i (by omega), ih (i + 1) (by omega)]

theorem Net.shaped_sound {features : Nat} {n : Net} (hn : n.shaped features = true) {x y : Input}
    (h : ∀ i, i < features → x i = y i) : n.logit x = n.logit y := by
  have key : ∀ rs : List Row, (rs.all fun r => decide (r.weights.length = features)) = true →
      out n.shift x rs = out n.shift y rs := by
    intro rs
    induction rs with
    | nil => intro _; simp [out]
    | cons r rs ih =>
      intro hr
      simp only [List.all_cons, Bool.and_eq_true, decide_eq_true_eq] at hr
      simp only [out, ih hr.2, dot_reads h r.weights 0 (by omega)]
  simp only [Net.logit, key n.rows hn]

/-- No weight of evidence has the sign opposite to its unit's output weight. -/
def signsAgree (evidence : Nat → Bool) (v : Int) : Nat → List Int → Bool
  | _, [] => true
  | i, w :: ws => (!evidence i || decide (0 ≤ v * w)) && signsAgree evidence v (i + 1) ws

def Net.monotone (evidence : Nat → Bool) (n : Net) : Bool :=
  n.rows.all fun r => signsAgree evidence r.output 0 r.weights

theorem dot_up {evidence : Nat → Bool} {x y : Input} (h : MoreEvidence evidence x y) {v : Int} (hv : 0 < v)
    (ws : List Int) : ∀ i, signsAgree evidence v i ws = true → dot x i ws ≤ dot y i ws := by
  induction ws with
  | nil => intro i _; simp [dot]
  | cons w ws ih =>
    intro i hs
    simp only [signsAgree, Bool.and_eq_true, Bool.or_eq_true, Bool.not_eq_true', decide_eq_true_eq] at hs
    have hrest := ih (i + 1) hs.2
    have hfirst : w * x i ≤ w * y i := by
      rcases hs.1 with he | hw
      · rw [h.2 i he]; exact Int.le_refl _
      · exact Int.mul_le_mul_of_nonneg_left (h.1 i) (Int.nonneg_of_mul_nonneg_right hw hv)
    simp only [dot]
    omega

theorem dot_down {evidence : Nat → Bool} {x y : Input} (h : MoreEvidence evidence x y) {v : Int} (hv : v < 0)
    (ws : List Int) : ∀ i, signsAgree evidence v i ws = true → dot y i ws ≤ dot x i ws := by
  induction ws with
  | nil => intro i _; simp [dot]
  | cons w ws ih =>
    intro i hs
    simp only [signsAgree, Bool.and_eq_true, Bool.or_eq_true, Bool.not_eq_true', decide_eq_true_eq] at hs
    have hrest := ih (i + 1) hs.2
    have hfirst : w * y i ≤ w * x i := by
      rcases hs.1 with he | hw
      · rw [h.2 i he]; exact Int.le_refl _
      · have hw' : w ≤ 0 := by
          by_cases hpos : 0 < w
          · have := Int.mul_neg_of_neg_of_pos hv hpos; omega
          · omega
        exact Int.mul_le_mul_of_nonpos_left hw' (h.1 i)
    simp only [dot]
    omega

theorem Net.monotone_sound {evidence : Nat → Bool} {n : Net} (hn : n.monotone evidence = true) {x y : Input}
    (h : MoreEvidence evidence x y) : n.logit x ≤ n.logit y := by
  have key : ∀ rs : List Row, (rs.all fun r => signsAgree evidence r.output 0 r.weights) = true →
      out n.shift x rs ≤ out n.shift y rs := by
    intro rs
    induction rs with
    | nil => intro _; simp [out]
    | cons r rs ih =>
      intro hr
      simp only [List.all_cons, Bool.and_eq_true] at hr
      have hrest := ih hr.2
      have hstep : r.output * act n.shift (r.bias + dot x 0 r.weights)
          ≤ r.output * act n.shift (r.bias + dot y 0 r.weights) := by
        by_cases hpos : 0 < r.output
        · have := dot_up h hpos r.weights 0 hr.1
          exact Int.mul_le_mul_of_nonneg_left (act_mono _ (by omega)) (by omega)
        · by_cases hneg : r.output < 0
          · have := dot_down h hneg r.weights 0 hr.1
            exact Int.mul_le_mul_of_nonpos_left (by omega) (act_mono _ (by omega))
          · have : r.output = 0 := by omega
            simp [this]
      simp only [out]
      omega
  have := key n.rows hn
  simp only [Net.logit]
  omega

/-! ## Both stages -/

structure Ensemble where
  features : List Feature
  table : List Node
  net : Net
  blockAt : Int

namespace Ensemble

/-- From quantised features: the tree decides; where it defers, the logit, in 32 bits, blocks from `blockAt` on. -/
def decide (e : Ensemble) (blockAt : Int) (x : Input) : Option Verdict :=
  match walk e.table x e.table.length 0 with
  | none => none
  | some (_, .defer) => some (if blockAt ≤ e.net.logit32 x then .block else .allow)
  | some (_, v) => some v

/-- From raw features. -/
def judge (e : Ensemble) (blockAt : Int) (raw : Input) : Option Verdict := e.decide blockAt (quantise e.features raw)

/-! ### What is checked -/

def levelsFit (e : Ensemble) : Bool := Model.levelsFit e.features

def onTree (e : Ensemble) (p : Tree → Bool) : Bool :=
  match treeOf e.table with
  | some a => p a
  | none => false

def wellFormed (e : Ensemble) : Bool :=
  e.onTree (fun a => a.asksBelow e.features.length) && e.net.shaped e.features.length

def leavesReachable (e : Ensemble) : Bool := e.onTree fun a => a.reachable (fun _ => 0) (top e.features)

def sumsFit (e : Ensemble) : Bool := e.net.fits

def treeMonotone (e : Ensemble) : Bool := e.onTree fun a => a.monotone (isEvidence e.features)

def netMonotone (e : Ensemble) : Bool := e.net.monotone (isEvidence e.features)

/-- A model that passed all checks. -/
structure Checked (e : Ensemble) : Prop where
  levelsFit : e.levelsFit = true
  wellFormed : e.wellFormed = true
  leavesReachable : e.leavesReachable = true
  sumsFit : e.sumsFit = true
  treeMonotone : e.treeMonotone = true
  netMonotone : e.netMonotone = true

theorem onTree_spec {e : Ensemble} {p : Tree → Bool} (h : e.onTree p = true) :
    ∃ a, treeOf e.table = some a ∧ p a = true := by
  simp only [onTree] at h
  split at h
  · rename_i a ha; exact ⟨a, ha, h⟩
  · simp at h

/-! ### What follows -/

namespace Checked

variable {e : Ensemble} (h : Checked e)
include h

theorem hasTree : ∃ a, treeOf e.table = some a := by
  have := h.wellFormed
  simp only [Ensemble.wellFormed, Bool.and_eq_true] at this
  obtain ⟨a, ha, _⟩ := onTree_spec this.1
  exact ⟨a, ha⟩

/-- No 32-bit sum overflows: the logit is the exact one. It is never the largest `int`, so that a threshold above
every logit exists. -/
theorem exact {x : Input} (hx : Quantised e.features x) :
    e.net.logit32 x = e.net.logit x ∧ (e.net.logit x).natAbs < 2147483647 :=
  Net.fits_sound h.sumsFit (levelsFit_sound h.levelsFit hx)

/-- Every input gets a verdict, and it is Allow or Block. -/
theorem total (blockAt : Int) (raw : Input) :
    e.judge blockAt raw = some .allow ∨ e.judge blockAt raw = some .block := by
  obtain ⟨a, ha⟩ := h.hasTree
  simp only [judge, Ensemble.decide, walk_treeOf ha]
  generalize a.find (quantise e.features raw) 0 = leaf
  obtain ⟨i, v⟩ := leaf
  cases v
  · simp
  · simp only []; split <;> simp
  · simp

omit h in
/-- Allow and Block of the tree are final. -/
theorem tree_final {x : Input} {i : Nat} {v : Verdict} (hw : walk e.table x e.table.length 0 = some (i, v))
    (hv : v ≠ .defer) (blockAt : Int) : e.decide blockAt x = some v := by
  cases v <;> simp_all [Ensemble.decide]

/-- Where the tree defers, the exact logit blocks from the threshold on. -/
theorem deferred {x : Input} (hx : Quantised e.features x) {i : Nat}
    (hw : walk e.table x e.table.length 0 = some (i, .defer)) (blockAt : Int) :
    e.decide blockAt x = some (if blockAt ≤ e.net.logit x then .block else .allow) := by
  simp only [Ensemble.decide, hw, (h.exact hx).1]

/-- Every leaf is where the walk of some input ends. -/
theorem leaves {i : Nat} {v : Verdict} (hi : e.table[i]? = some (.leaf v)) :
    ∃ x, Quantised e.features x ∧ walk e.table x e.table.length 0 = some (i, v) := by
  obtain ⟨a, ha, hr⟩ := onTree_spec h.leavesReachable
  have ht := treeOf_flat ha
  rw [ht] at hi
  obtain ⟨x, hx, hf⟩ := a.reachable_sound _ _ 0 i v hr (fun k => by
    simp only [top]; split <;> omega) hi
  exact ⟨x, hx, by rw [walk_treeOf ha, hf, Nat.zero_add]⟩

/-- Nothing past the model's features matters. -/
theorem reads_features {x y : Input} (hx : Quantised e.features x) (hy : Quantised e.features y)
    (hxy : ∀ i, i < e.features.length → x i = y i) (blockAt : Int) : e.decide blockAt x = e.decide blockAt y := by
  have hw := h.wellFormed
  simp only [Ensemble.wellFormed, Bool.and_eq_true] at hw
  obtain ⟨a, ha, hp⟩ := onTree_spec hw.1
  simp only [Ensemble.decide, walk_treeOf ha, a.asksBelow_sound hxy 0 hp, (h.exact hx).1, (h.exact hy).1,
    Net.shaped_sound hw.2 hxy]

/-- More evidence never turns Block into Allow, at any threshold. -/
theorem more_evidence {x y : Input} (hxy : MoreEvidence (isEvidence e.features) x y) (blockAt : Int)
    (hb : e.judge blockAt x = some .block) : e.judge blockAt y = some .block := by
  obtain ⟨a, ha, hm⟩ := onTree_spec h.treeMonotone
  have hq := quantise_more hxy
  have ht := a.monotone_sound hq 0 0 hm
  have hn := Net.monotone_sound h.netMonotone hq
  have hx := (h.exact (quantise_quantised e.features x)).1
  have hy := (h.exact (quantise_quantised e.features y)).1
  simp only [judge, Ensemble.decide, walk_treeOf ha, hx, hy] at hb ⊢
  revert hb ht
  generalize a.find (quantise e.features x) 0 = leafX
  generalize a.find (quantise e.features y) 0 = leafY
  obtain ⟨i, u⟩ := leafX
  obtain ⟨j, v⟩ := leafY
  intro ht hb
  cases u <;> cases v <;> simp_all [Verdict.rank]
  omega

/-- A higher threshold never blocks more. -/
theorem threshold {low high : Int} (hle : low ≤ high) (raw : Input) (hb : e.judge high raw = some .block) :
    e.judge low raw = some .block := by
  obtain ⟨a, ha⟩ := h.hasTree
  simp only [judge, Ensemble.decide, walk_treeOf ha] at hb ⊢
  revert hb
  generalize a.find (quantise e.features raw) 0 = leaf
  obtain ⟨i, v⟩ := leaf
  cases v <;> simp
  omega

end Checked

end Ensemble

/-! ## Test vectors: what the Java code said of some inputs -/

structure Case where
  raw : List Int
  levels : List Nat
  tree : Verdict
  logit : Int
  verdict : Verdict

/-- Levels past the end read as 0. -/
def ofLevels (l : List Nat) : Input := fun i => (l.getD i 0 : Nat)

def levelsOf : List Feature → List Int → List Nat
  | f :: fs, v :: vs => (level f.cuts v).toNat :: levelsOf fs vs
  | _, _ => []

theorem levelsOf_quantise (fs : List Feature) :
    ∀ raw : List Int, raw.length = fs.length → quantise fs (ofList raw) = ofLevels (levelsOf fs raw) := by
  induction fs with
  | nil => intro raw h; funext i; simp [quantise, levelsOf, ofLevels]
  | cons f fs ih =>
    intro raw h
    cases raw with
    | nil => simp at h
    | cons v vs =>
      funext i
      cases i with
      | zero =>
        have := (level_bounds f.cuts v).1
        simp only [quantise, levelsOf, ofLevels, ofList, List.getElem?_cons_zero, List.getD_cons_zero]
        omega
      | succ i =>
        have := congrFun (ih vs (by simpa using h)) i
        simpa [quantise, levelsOf, ofLevels, ofList] using this

/-! The kernel multiplies natural numbers fast and integers slowly, so the positive and the negative terms of a sum
are added up apart. `List.rec`, because unfolding recursive equations is slow, too. -/

def dotPos (ws : List Int) : List Nat → Nat :=
  List.rec (fun _ => 0) (fun w _ ih xs => List.casesOn xs 0 fun x xs => Nat.add (Nat.mul w.toNat x) (ih xs)) ws

def dotNeg (ws : List Int) : List Nat → Nat :=
  List.rec (fun _ => 0) (fun w _ ih xs => List.casesOn xs 0 fun x xs => Nat.add (Nat.mul (-w).toNat x) (ih xs)) ws

def actNat (s : Nat) (xs : List Nat) (r : Row) : Nat :=
  min 127 (Nat.div (Nat.sub (Nat.add r.bias.toNat (dotPos r.weights xs)) (Nat.add (-r.bias).toNat (dotNeg r.weights xs)))
    (Nat.pow 2 s))

def outPos (s : Nat) (xs : List Nat) (rs : List Row) : Nat :=
  List.rec 0 (fun r _ ih => Nat.add (Nat.mul r.output.toNat (actNat s xs r)) ih) rs

def outNeg (s : Nat) (xs : List Nat) (rs : List Row) : Nat :=
  List.rec 0 (fun r _ ih => Nat.add (Nat.mul (-r.output).toNat (actNat s xs r)) ih) rs

def Net.logitFast (n : Net) (xs : List Nat) : Int :=
  n.bias + (outPos n.shift xs n.rows : Nat) - (outNeg n.shift xs n.rows : Nat)

theorem mul_parts (w : Int) (x : Nat) : w * x = ((w.toNat * x : Nat) : Int) - (((-w).toNat * x : Nat) : Int) := by
  have h : w = (w.toNat : Int) - ((-w).toNat : Int) := by omega
  rw [Int.natCast_mul, Int.natCast_mul, ← Int.sub_mul, ← h]

theorem dot_parts (x : Input) (ws : List Int) : ∀ (i : Nat) (xs : List Nat), (∀ k, x (i + k) = (xs.getD k 0 : Nat)) →
    dot x i ws = (dotPos ws xs : Nat) - (dotNeg ws xs : Nat) := by
  induction ws with
  | nil => intro i xs _; simp [dot, dotPos, dotNeg]
  | cons w ws ih =>
    intro i xs hx
    cases xs with
    | nil =>
      have h0 : x i = 0 := by simpa using hx 0
      have hrest := ih (i + 1) [] (fun k => by
        have := hx (1 + k); simpa [Nat.add_assoc] using this)
      have hz : ∀ ws : List Int, dotPos ws [] = 0 ∧ dotNeg ws [] = 0 := by
        intro ws; cases ws <;> exact ⟨rfl, rfl⟩
      simp only [dot, h0, hrest, (hz _).1, (hz _).2]
      simp
    | cons v xs =>
      have h0 : x i = (v : Nat) := by simpa using hx 0
      have hrest := ih (i + 1) xs (fun k => by
        have := hx (k + 1)
        rw [Nat.add_right_comm, Nat.add_assoc]
        simpa using this)
      have hp : dotPos (w :: ws) (v :: xs) = w.toNat * v + dotPos ws xs := rfl
      have hn : dotNeg (w :: ws) (v :: xs) = (-w).toNat * v + dotNeg ws xs := rfl
      have hm := mul_parts w v
      simp only [dot, h0, hrest, hp, hn]
      omega

theorem act_nat (s : Nat) (xs : List Nat) (r : Row) :
    act s (r.bias + dot (ofLevels xs) 0 r.weights) = (actNat s xs r : Nat) := by
  have hd := dot_parts (ofLevels xs) r.weights 0 xs (fun k => by simp [ofLevels])
  have hz : max 0 (r.bias + dot (ofLevels xs) 0 r.weights)
      = ((r.bias.toNat + dotPos r.weights xs - ((-r.bias).toNat + dotNeg r.weights xs) : Nat) : Int) := by
    omega
  have he : actNat s xs r = min 127 ((r.bias.toNat + dotPos r.weights xs - ((-r.bias).toNat + dotNeg r.weights xs))
      / 2 ^ s) := rfl
  have hdiv : ∀ m : Nat, (m : Int) / 2 ^ s = ((m / 2 ^ s : Nat) : Int) := by
    intro m; rw [Int.natCast_ediv]; simp
  simp only [act, hz, he, hdiv]
  omega

theorem Net.logitFast_eq (n : Net) (xs : List Nat) : n.logitFast xs = n.logit (ofLevels xs) := by
  have key : ∀ rs : List Row,
      out n.shift (ofLevels xs) rs = (outPos n.shift xs rs : Nat) - (outNeg n.shift xs rs : Nat) := by
    intro rs
    induction rs with
    | nil => simp [out, outPos, outNeg]
    | cons r rs ih =>
      have hp : outPos n.shift xs (r :: rs) = r.output.toNat * actNat n.shift xs r + outPos n.shift xs rs := rfl
      have hn : outNeg n.shift xs (r :: rs) = (-r.output).toNat * actNat n.shift xs r + outNeg n.shift xs rs := rfl
      have hm := mul_parts r.output (actNat n.shift xs r)
      simp only [out, ih, act_nat, hp, hn]
      omega
  simp only [Net.logitFast, Net.logit, key]
  omega

namespace Ensemble

/-- The model in Lean says the same of an input. -/
def Agrees (e : Ensemble) (c : Case) : Prop :=
  quantise e.features (ofList c.raw) = ofLevels c.levels
  ∧ (∃ i, walk e.table (ofLevels c.levels) e.table.length 0 = some (i, c.tree))
  ∧ e.net.logit32 (ofLevels c.levels) = c.logit
  ∧ e.judge e.blockAt (ofList c.raw) = some c.verdict

def agrees (e : Ensemble) (c : Case) : Bool :=
  Decidable.decide (c.raw.length = e.features.length)
  && Decidable.decide (levelsOf e.features c.raw = c.levels)
  && (match walk e.table (ofLevels c.levels) e.table.length 0 with
    | some (_, v) => Decidable.decide (v = c.tree)
    | none => false)
  && Decidable.decide (e.net.logitFast c.levels = c.logit)
  && Decidable.decide (c.verdict =
    if c.tree = .defer then (if e.blockAt ≤ c.logit then .block else .allow) else c.tree)

theorem Checked.agrees_sound {e : Ensemble} (h : Checked e) {cs : List Case} (hcs : cs.all e.agrees = true) :
    ∀ c ∈ cs, e.Agrees c := by
  intro c hc
  have ha := List.all_eq_true.mp hcs c hc
  simp only [agrees, Bool.and_eq_true, decide_eq_true_eq, Net.logitFast_eq] at ha
  obtain ⟨⟨⟨⟨hlen, hlev⟩, ht⟩, hz⟩, hverdict⟩ := ha
  have hq : quantise e.features (ofList c.raw) = ofLevels c.levels := by
    rw [levelsOf_quantise _ _ hlen, hlev]
  have hx : Quantised e.features (ofLevels c.levels) := hq ▸ quantise_quantised _ _
  have he := (h.exact hx).1
  split at ht
  · rename_i i v hw
    have hv : v = c.tree := by simpa using ht
    subst hv
    refine ⟨hq, ⟨i, hw⟩, by rw [he, hz], ?_⟩
    simp only [judge, hq, Ensemble.decide, hw, he, hz, hverdict]
    cases c.tree <;> simp
  · simp at ht

end Ensemble

end Model
