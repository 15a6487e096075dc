module
public import Scanner
public import ScannerBaseline
public import Ddos
public import DdosBaseline
/-! The checks of the four models, run by the kernel, and what follows. Retraining replaces the tables; nothing here
names a number of theirs. What each statement means stands at its definition in `Model`. -/
@[expose] public noncomputable section
open Model

namespace Scanner

theorem levelsFit : model.levelsFit = true := by decide +kernel
theorem wellFormed : model.wellFormed = true := by decide +kernel
theorem leavesReachable : model.leavesReachable = true := by decide +kernel
theorem sumsFit : model.sumsFit = true := by decide +kernel
theorem treeMonotone : model.treeMonotone = true := by decide +kernel
theorem netMonotone : model.netMonotone = true := by decide +kernel
theorem vectorsAgree : vectors.all model.agrees = true := by decide +kernel

theorem checked : model.Checked := ⟨levelsFit, wellFormed, leavesReachable, sumsFit, treeMonotone, netMonotone⟩

/-- Every request gets Allow or Block. -/
theorem total (raw : Input) :
    model.judge model.blockAt raw = some .allow ∨ model.judge model.blockAt raw = some .block :=
  checked.total model.blockAt raw

/-- More evidence never turns Block into Allow, whatever the threshold. -/
theorem more_evidence (blockAt : Int) (x y : Input) (more : MoreEvidence (isEvidence features) x y)
    (blocked : model.judge blockAt x = some .block) : model.judge blockAt y = some .block :=
  checked.more_evidence more blockAt blocked

/-- The 32-bit logit is the exact one. -/
theorem exact (x : Input) (hx : Quantised features x) : net.logit32 x = net.logit x := (checked.exact hx).1

/-- Every leaf is reached by some input. -/
theorem leaves (i : Nat) (v : Verdict) (hi : table[i]? = some (.leaf v)) :
    ∃ x, Quantised features x ∧ walk table x table.length 0 = some (i, v) := checked.leaves hi

/-- The test vectors come out as they did in Java. -/
theorem agrees : ∀ c ∈ vectors, model.Agrees c := checked.agrees_sound vectorsAgree

end Scanner

namespace ScannerBaseline

theorem levelsFit : model.levelsFit = true := by decide +kernel
theorem wellFormed : model.wellFormed = true := by decide +kernel
theorem leavesReachable : model.leavesReachable = true := by decide +kernel
theorem sumsFit : model.sumsFit = true := by decide +kernel
theorem treeMonotone : model.treeMonotone = true := by decide +kernel
theorem netMonotone : model.netMonotone = true := by decide +kernel
theorem vectorsAgree : vectors.all model.agrees = true := by decide +kernel

theorem checked : model.Checked := ⟨levelsFit, wellFormed, leavesReachable, sumsFit, treeMonotone, netMonotone⟩

/-- Every request gets Allow or Block. -/
theorem total (raw : Input) :
    model.judge model.blockAt raw = some .allow ∨ model.judge model.blockAt raw = some .block :=
  checked.total model.blockAt raw

/-- More evidence never turns Block into Allow, whatever the threshold. -/
theorem more_evidence (blockAt : Int) (x y : Input) (more : MoreEvidence (isEvidence features) x y)
    (blocked : model.judge blockAt x = some .block) : model.judge blockAt y = some .block :=
  checked.more_evidence more blockAt blocked

/-- The 32-bit logit is the exact one. -/
theorem exact (x : Input) (hx : Quantised features x) : net.logit32 x = net.logit x := (checked.exact hx).1

/-- Every leaf is reached by some input. -/
theorem leaves (i : Nat) (v : Verdict) (hi : table[i]? = some (.leaf v)) :
    ∃ x, Quantised features x ∧ walk table x table.length 0 = some (i, v) := checked.leaves hi

/-- The test vectors come out as they did in Java. -/
theorem agrees : ∀ c ∈ vectors, model.Agrees c := checked.agrees_sound vectorsAgree

end ScannerBaseline

namespace Ddos

theorem levelsFit : model.levelsFit = true := by decide +kernel
theorem wellFormed : model.wellFormed = true := by decide +kernel
theorem leavesReachable : model.leavesReachable = true := by decide +kernel
theorem sumsFit : model.sumsFit = true := by decide +kernel
theorem treeMonotone : model.treeMonotone = true := by decide +kernel
theorem netMonotone : model.netMonotone = true := by decide +kernel
theorem vectorsAgree : vectors.all model.agrees = true := by decide +kernel

theorem checked : model.Checked := ⟨levelsFit, wellFormed, leavesReachable, sumsFit, treeMonotone, netMonotone⟩

/-- Every window gets Allow or Block. -/
theorem total (raw : Input) :
    model.judge model.blockAt raw = some .allow ∨ model.judge model.blockAt raw = some .block :=
  checked.total model.blockAt raw

/-- More evidence never turns Block into Allow, whatever the threshold. -/
theorem more_evidence (blockAt : Int) (x y : Input) (more : MoreEvidence (isEvidence features) x y)
    (blocked : model.judge blockAt x = some .block) : model.judge blockAt y = some .block :=
  checked.more_evidence more blockAt blocked

/-- The 32-bit logit is the exact one. -/
theorem exact (x : Input) (hx : Quantised features x) : net.logit32 x = net.logit x := (checked.exact hx).1

/-- Every leaf is reached by some input. -/
theorem leaves (i : Nat) (v : Verdict) (hi : table[i]? = some (.leaf v)) :
    ∃ x, Quantised features x ∧ walk table x table.length 0 = some (i, v) := checked.leaves hi

/-- The test vectors come out as they did in Java. -/
theorem agrees : ∀ c ∈ vectors, model.Agrees c := checked.agrees_sound vectorsAgree

end Ddos

namespace DdosBaseline

theorem levelsFit : model.levelsFit = true := by decide +kernel
theorem wellFormed : model.wellFormed = true := by decide +kernel
theorem leavesReachable : model.leavesReachable = true := by decide +kernel
theorem sumsFit : model.sumsFit = true := by decide +kernel
theorem treeMonotone : model.treeMonotone = true := by decide +kernel
theorem netMonotone : model.netMonotone = true := by decide +kernel
theorem vectorsAgree : vectors.all model.agrees = true := by decide +kernel

theorem checked : model.Checked := ⟨levelsFit, wellFormed, leavesReachable, sumsFit, treeMonotone, netMonotone⟩

/-- Every window gets Allow or Block. -/
theorem total (raw : Input) :
    model.judge model.blockAt raw = some .allow ∨ model.judge model.blockAt raw = some .block :=
  checked.total model.blockAt raw

/-- More evidence never turns Block into Allow, whatever the threshold. -/
theorem more_evidence (blockAt : Int) (x y : Input) (more : MoreEvidence (isEvidence features) x y)
    (blocked : model.judge blockAt x = some .block) : model.judge blockAt y = some .block :=
  checked.more_evidence more blockAt blocked

/-- The 32-bit logit is the exact one. -/
theorem exact (x : Input) (hx : Quantised features x) : net.logit32 x = net.logit x := (checked.exact hx).1

/-- Every leaf is reached by some input. -/
theorem leaves (i : Nat) (v : Verdict) (hi : table[i]? = some (.leaf v)) :
    ∃ x, Quantised features x ∧ walk table x table.length 0 = some (i, v) := checked.leaves hi

/-- The test vectors come out as they did in Java. -/
theorem agrees : ∀ c ∈ vectors, model.Agrees c := checked.agrees_sound vectorsAgree

end DdosBaseline
