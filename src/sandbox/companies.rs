//! Company names that do not exist and look as if they did: 城市 + 字号 + 行业 + 组织形式, as 《企业名称登记管理规定》 (article 6)
//! composes a registered name.

use super::market::{Draw, mix};

/// How many distinct names one seed gives.
pub const MOST_SAMPLE_COMPANIES: usize = 100_000;

const CITIES: [&str; 48] = [
    "北京",
    "上海",
    "天津",
    "重庆",
    "广州",
    "深圳",
    "苏州",
    "杭州",
    "南京",
    "无锡",
    "宁波",
    "青岛",
    "济南",
    "武汉",
    "长沙",
    "成都",
    "西安",
    "郑州",
    "合肥",
    "福州",
    "厦门",
    "泉州",
    "南昌",
    "昆明",
    "贵阳",
    "南宁",
    "海口",
    "太原",
    "石家庄",
    "唐山",
    "沈阳",
    "大连",
    "长春",
    "哈尔滨",
    "呼和浩特",
    "包头",
    "兰州",
    "银川",
    "西宁",
    "乌鲁木齐",
    "佛山",
    "东莞",
    "珠海",
    "温州",
    "嘉兴",
    "常州",
    "徐州",
    "烟台",
];

/// The 字号 is one character of each: 4,096, none with the same character twice.
const FIRST: &str = "华盛恒宏鼎金瑞泰安永长天东中新兴远大国海江龙凤鸿嘉佳美信诚德智云\
     星辰锦绣丰裕康健博通达顺源汇聚合众联邦科创卓越启明正方圆广隆庆玉";
const SECOND: &str = "腾飞翔宇晟昊峰川阳光辉耀升图业基石力拓展益利润泽泉林森茂荣昌运程\
     途航舟帆锐捷凯旋律衡器铭章韵致理维域界元素晶芯磊沃弘霖纬纶朗逸澜";

/// Twelve industries, each with the words that stand for it in a registered name.
const INDUSTRIES: [[&str; 6]; 12] = [
    ["钢铁", "特钢", "冶金材料", "金属制品", "不锈钢", "有色金属"],
    ["汽车零部件", "汽车科技", "新能源汽车", "汽车电子", "车桥", "轮胎"],
    ["半导体", "微电子", "集成电路", "光电科技", "电子", "精密电子"],
    ["软件", "信息技术", "网络科技", "数据服务", "智能科技", "云计算"],
    ["生物医药", "制药", "医疗器械", "生物科技", "医药物流", "基因科技"],
    ["食品", "饮料", "乳业", "粮油", "农业科技", "餐饮管理"],
    ["建设集团", "建筑工程", "建材", "装饰工程", "市政工程", "房地产开发"],
    ["化工", "新材料", "石化", "涂料", "塑胶", "精细化工"],
    ["机械", "重工", "机器人", "智能装备", "数控机床", "液压技术"],
    ["物流", "供应链管理", "国际货运代理", "仓储", "港务", "冷链物流"],
    ["电力", "新能源", "光伏科技", "电气", "储能技术", "风电设备"],
    ["融资租赁", "商业保理", "融资担保", "资产管理", "创业投资", "小额贷款"],
];

/// `count` company names, all distinct (up to [`MOST_SAMPLE_COMPANIES`]; a greater `count` gives that many), the same for
/// the same seed; fewer of them are the first ones of more.
pub fn sample_companies(count: usize, seed: u64) -> Vec<String> {
    let first: Vec<char> = FIRST.chars().collect();
    let second: Vec<char> = SECOND.chars().collect();
    (0..count.min(MOST_SAMPLE_COMPANIES) as u64).map(|index| name(index, seed, &first, &second)).collect()
}

/// City and 字号 together are a one-to-one image of `index`, which makes the names distinct whatever else is drawn.
fn name(index: u64, seed: u64, first: &[char], second: &[char]) -> String {
    let all = (CITIES.len() * first.len() * second.len()) as u64;
    // Walking the cycle of a permutation of 2^18 until it is back below `all` permutes those below `all`.
    let mut place = permute_18_bits(index, seed);
    while place >= all {
        place = permute_18_bits(place, seed);
    }
    let mut random = Draw(mix(seed ^ mix(place)));
    let place = place as usize;
    let city = CITIES[place % CITIES.len()];
    let rest = place / CITIES.len();
    let words = INDUSTRIES[random.below(12) as usize];
    let word = words[random.below(6) as usize];
    let form = if random.below(100) < 22 { "股份有限公司" } else { "有限公司" };
    let (a, b) = (first[rest % first.len()], second[rest / first.len()]);
    let mut name = String::with_capacity(48);
    // One in eight has its city in brackets, full-width as the register writes them: 华腾软件（苏州）有限公司.
    if random.below(8) == 0 {
        name.extend([a, b]);
        name.extend([word, "（", city, "）", form]);
    } else {
        name.push_str(city);
        name.extend([a, b]);
        name.extend([word, form]);
    }
    name
}

/// A permutation of the numbers below 2^18: a Feistel network of four rounds over two halves of nine bits.
fn permute_18_bits(x: u64, seed: u64) -> u64 {
    let (mut left, mut right) = (x >> 9, x & 511);
    for round in 0..4 {
        (left, right) = (right, left ^ (mix(seed.rotate_left(17) ^ (round << 32) ^ right) & 511));
    }
    left << 9 | right
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn has_a_table_without_doubles() {
        let distinct = |text: &str| text.chars().collect::<HashSet<_>>().len();
        assert_eq!(distinct(FIRST), FIRST.chars().count());
        assert_eq!(distinct(SECOND), SECOND.chars().count());
        assert_eq!(CITIES.iter().collect::<HashSet<_>>().len(), CITIES.len());
        assert!(!FIRST.chars().any(|c| SECOND.contains(c)));
        assert!(CITIES.len() * FIRST.chars().count() * SECOND.chars().count() >= MOST_SAMPLE_COMPANIES);
        assert!(CITIES.len() * FIRST.chars().count() * SECOND.chars().count() <= 1 << 18);
    }

    #[test]
    fn gives_a_hundred_thousand_distinct_names() {
        for seed in [0, 7] {
            let names = sample_companies(MOST_SAMPLE_COMPANIES + 1, seed);
            assert_eq!(names.len(), MOST_SAMPLE_COMPANIES);
            assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        }
    }

    #[test]
    fn gives_the_same_names_again_and_others_for_another_seed() {
        let many = sample_companies(1000, 3);
        assert_eq!(sample_companies(10, 3), many[..10]);
        assert_ne!(sample_companies(10, 4), many[..10]);
        assert!(many.iter().all(|name| name.ends_with("有限公司") && !name.contains(',')));
        assert!(many.iter().any(|name| name.contains('（')));
    }
}
