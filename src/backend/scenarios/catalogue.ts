import { COMMERCE } from './commerce.ts';
import { FINANCE } from './finance.ts';
import { MEDICAL } from './medical.ts';
import type { Scenario, ScenarioId } from './scenario.ts';

export const SCENARIOS: Readonly<Record<ScenarioId, Scenario>> = { finance: FINANCE, commerce: COMMERCE, medical: MEDICAL };
