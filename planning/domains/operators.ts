import { operatorComponent, planOperator } from "../operators";
import type { Domain } from "./domain";

/** What an operator's component must be ready for, by package: object of the plan and the reason. */
const OPERANDS: Readonly<Record<string, { object: string; reason: string }>> = {
  "sriov-network-operator": {
    object: "sriov/operator",
    reason: "the operator registers its kinds and its webhook when it is installed",
  },
  "kubernetes-nmstate-operator": {
    object: "hostnetwork/nmstate",
    reason: "the operator registers NMState when it is installed",
  },
  "kubevirt-hyperconverged": {
    object: "virtualization/hyperconverged",
    reason: "the operator registers HyperConverged when it is installed",
  },
};

/** Operators that the Operator Lifecycle Manager installs. */
export const operators: Domain = {
  plans: (environment) => environment.operators.map(planOperator),
  edges: (environment, edges) => {
    for (const operator of environment.operators) {
      const operand = OPERANDS[operator.package];
      if (operand) edges.afterComponent(operand.object, operatorComponent(operator), operand.reason);
    }
  },
  references: (environment, report) => {
    const homes = new Map<string, string>();
    environment.operators.forEach(({ namespace, name }, index) => {
      const other = homes.get(namespace);
      const where = ["operators", index, "namespace"];
      if (other !== undefined) {
        const fix = "Give each a namespace of its own: a second OperatorGroup stops both.";
        report(where, `Operator "${other}" is in this namespace.`, fix);
      }
      homes.set(namespace, name);
    });
  },
};
